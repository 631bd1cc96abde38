import { invalid, notAStore, notJson, notSet, otherNetwork } from "./refusals";
import { FACTS, given, type Refusal, SPEC, TAG, type WrongCall } from "./valid";

const SPEC_FILE = "infra/base/model/network-spec.ts";
const FACTS_FILE = "infra/base/model/network-facts.ts";
const PHASES = '{"phaseShift": s, "cycleGap": s}';
const BASE_URL = "ending in a slash, e.g. https://discover.net.spacemesh.io/";
const OTHER_SPEC = { ...SPEC, tag: "v1.2.3+2", cluster: "v1-2-3-2" };
const closing = (name: string, value: unknown, what: string, refusal: Refusal): WrongCall =>
  given(`step history close ${TAG}`, name, value, what, refusal);
const creating = (spec: unknown, what: string, refusal: Refusal): WrongCall =>
  given(`step network up ${TAG}`, "NETWORK_SPEC", spec, what, refusal);
const serving = (name: string, value: string, what: string, refusal: Refusal): WrongCall =>
  given(`step page served ${TAG}`, name, value, what, refusal);
const waiting = (name: string, value: unknown, what: string, refusal: Refusal): WrongCall =>
  given("step poet wait poet-1", name, value, what, refusal);
const smoking = (name: string, value: unknown, what: string, refusal: Refusal, tag = TAG): WrongCall =>
  given(`step smoke ${tag} --limit-layers 3`, name, value, what, refusal);

/** One wrong variable of the steps guard, history, network, page, poet and smoke. */
export const NETWORK_VARIABLES: readonly WrongCall[] = [
  given(`step guard ${TAG}`, "ARCHIVE", "./archive", "a relative folder as store", notAStore("./archive")),
  given(
    `step history open ${TAG}`,
    "PULUMI_COMMAND_STDOUT",
    "opened",
    "an earlier output that is not JSON",
    notJson("PULUMI_COMMAND_STDOUT", "the step's own output", '{"openedAt": time, "life": id}'),
  ),
  closing("PULUMI_COMMAND_STDOUT", undefined, "a missing earlier output", notSet("PULUMI_COMMAND_STDOUT")),
  closing(
    "PULUMI_COMMAND_STDOUT",
    { openedAt: "today" },
    "an opening time in words",
    invalid("PULUMI_COMMAND_STDOUT.openedAt", '"today"', "a time, e.g. 2026-01-01T00:00:00Z"),
  ),
  closing(
    "NETWORK_SPEC",
    OTHER_SPEC,
    "the spec of another network",
    otherNetwork("NETWORK_SPEC", "v1.2.3+2", "the spec of v1.2.3+1"),
  ),
  closing("ARCHIVE", "./archive", "a relative folder as store", notAStore("./archive")),
  closing("NAMESPACE_ID", "", "an empty NAMESPACE_ID", notSet("NAMESPACE_ID")),
  closing(
    "DISCOVERY_URL",
    "discover.net.spacemesh.io",
    "a host as base URL",
    invalid("DISCOVERY_URL", '"discover.net.spacemesh.io"', BASE_URL),
  ),
  closing("CLOUDFLARE_API_TOKEN", undefined, "a missing token of Cloudflare", {
    code: "CloudflareTokenMissing",
    names: ["CLOUDFLARE_API_TOKEN"],
  }),
  closing(
    "RETIREMENT_VERDICT",
    "dead",
    "an unknown verdict",
    invalid("RETIREMENT_VERDICT", '"dead"', "healthy, slow, stalled, split, blind, not judged"),
  ),
  closing("RETIREMENT_REASON", "x".repeat(1001), "a reason of 1001 characters", {
    ...invalid("RETIREMENT_REASON", '"xxx', "...", "the reason of the retirement", "1000 characters"),
    hides: ["x".repeat(200)],
  }),
  closing("DRIVER", "gke", "an unknown driver", invalid("DRIVER", '"gke"', "spacecraft", "kubernetes")),
  creating(undefined, "an unset NETWORK_SPEC", notSet("NETWORK_SPEC")),
  creating("miners=10", "a NETWORK_SPEC that is not JSON", notJson("NETWORK_SPEC", SPEC_FILE)),
  creating([SPEC], "a list of specs", invalid("NETWORK_SPEC is [", "..., expected", "an object", SPEC_FILE)),
  creating(
    { ...SPEC, miners: "10" },
    "a number given as text",
    invalid("NETWORK_SPEC.miners", '"10"', "a whole number from 1", SPEC_FILE),
  ),
  creating(
    { ...SPEC, gcp: { project: "p" } },
    "a spec without its location",
    invalid("NETWORK_SPEC.gcp.location", "text", SPEC_FILE),
  ),
  given(
    `step network up ${TAG}`,
    "DRIVER",
    "gke",
    "an unknown driver",
    invalid("DRIVER", '"gke"', "a driver of networks", "spacecraft", "kubernetes"),
  ),
  given(
    `step network down ${TAG}`,
    "NETWORK_SPEC",
    { ...SPEC, cluster: "v1-2-3-2" },
    "a spec with the cluster of another network",
    invalid("NETWORK_SPEC.cluster", '"v1-2-3-2"', "the tag's own cluster", SPEC_FILE),
  ),
  given(
    "step network down v1.2.3+2",
    "NETWORK_SPEC",
    SPEC,
    "the spec of another network",
    otherNetwork("NETWORK_SPEC", "v1.2.3+1", "the spec of v1.2.3+2"),
  ),
  given(`step network inspect ${TAG}`, "ARCHIVE", undefined, "an unset ARCHIVE", notSet("ARCHIVE")),
  serving("PAGE_SHA256", "abc", "a digest of 3 digits", invalid("PAGE_SHA256", '"abc"', "64 hexadecimal digits")),
  serving(
    "PAGE_URL",
    "1_2_3_1.net.spacemesh.io",
    "a page URL without a scheme",
    invalid("PAGE_URL", '"1_2_3_1.net.spacemesh.io"', "the URL of the page, e.g. http://1_2_3_1.net."),
  ),
  serving(
    "DISCOVERY_URL",
    "ftp://discover/",
    "a base URL of another scheme",
    invalid("DISCOVERY_URL", '"ftp://discover/"', BASE_URL),
  ),
  waiting(
    "POET_ADDRESS",
    "127.0.0.1",
    "an address without a port",
    invalid("POET_ADDRESS", '"127.0.0.1"', "HOST:PORT, e.g. 203.0.113.1:5000"),
  ),
  waiting("POET_ADDRESS", "127.0.0.1:70000", "port 70000", invalid("POET_ADDRESS", '"127.0.0.1:70000"', "HOST:PORT")),
  waiting(
    "POET_PHASES",
    { phaseShift: 4 },
    "phases without the gap",
    invalid("POET_PHASES.cycleGap", "a whole number from 0", PHASES),
  ),
  waiting("READY_TIMEOUT", "-1", "a negative time limit", invalid("READY_TIMEOUT", '"-1"', "seconds, 1 to 86400")),
  smoking(
    "NETWORK_FACTS",
    { ...FACTS, nodes: [{ name: "miner-1", grpc: "a" }] },
    "a node without an address",
    invalid("NETWORK_FACTS.nodes.0.grpc", '"a"', "HOST:PORT", FACTS_FILE),
  ),
  smoking(
    "NETWORK_FACTS",
    { ...FACTS, genesisTime: "now" },
    "a genesis time in words",
    invalid("NETWORK_FACTS.genesisTime", '"now"', "a time, e.g.", FACTS_FILE),
  ),
  smoking(
    "NETWORK_FACTS",
    FACTS,
    "the facts of another network",
    otherNetwork("NETWORK_FACTS", "v1.2.3+1", "the facts of v1.2.3+2"),
    "v1.2.3+2",
  ),
  smoking("VERSIONS", undefined, "unset VERSIONS", notSet("VERSIONS")),
  smoking(
    "VERSIONS",
    { node: "v1.2.3+1" },
    "a version in the place of a component",
    invalid("VERSIONS.node", '"v1.2.3+1"', "an object", "infra/base/model/versions.ts"),
  ),
  smoking("COMMIT", undefined, "an unset COMMIT", notSet("COMMIT")),
  smoking(
    "COMMIT",
    "c0ffee",
    "a short commit",
    invalid("COMMIT", '"c0ffee"', "a commit as 40 or 64 hexadecimal digits"),
  ),
  smoking("POET_PHASES", '"4s"', "phases as text", invalid("POET_PHASES", '"4s"', "an object", PHASES)),
];
