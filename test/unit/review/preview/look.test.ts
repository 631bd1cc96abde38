import { deepStrictEqual, match, strictEqual } from "node:assert";
import { policyVariables } from "../../../../infra/base/engine/policies";
import type { Exported } from "../../../../infra/base/engine/state";
import { buildTag, parseBuildTag } from "../../../../infra/base/model/build-tag";
import { lackingFor, withoutBackend } from "../../../../infra/review/preview/access";
import { look } from "../../../../infra/review/preview/look";
import { type Job, type Outcome, outcomeOf } from "../../../../infra/review/preview/stack";
import { targetsOf } from "../../../../infra/review/preview/targets";

const UNCHANGED: Outcome = { kind: "previewed", resources: [], unchanged: 1, violations: [] };
const ROOT = { urn: "urn:pulumi:edge::smeshnet::pulumi:pulumi:Stack::smeshnet-edge", type: "pulumi:pulumi:Stack" };
const passphrase = { type: "passphrase", state: { salt: "v1:salt" } };

/** The state of a stack with one resource. */
const state = (more: Partial<Exported["deployment"]> = {}): Exported => ({
  deployment: { resources: [ROOT], secrets_providers: passphrase, ...more },
});

const [EDGE, CHANNEL, NETWORK] = targetsOf(["edge", "1_2_3_1"], ["testnet"], []) as [Target, Target, Target];
type Target = ReturnType<typeof targetsOf>[number];

describe("targetsOf", () => {
  const texts = (...args: Parameters<typeof targetsOf>) =>
    targetsOf(...args).map(({ kind, what }) => `${kind} ${what}`);

  it("lists the edge, the configured channels, other stacks, then networks, newest first", () => {
    deepStrictEqual(texts(["1_2_3_1", "1_10_0_1", "oldnet", "edge", "testnet"], ["testnet", "stagenet"], []), [
      "edge edge",
      "channel testnet",
      "channel stagenet",
      "channel oldnet", // its channel is configured no longer, which must not hide it
      "network v1.10.0+1",
      "network v1.2.3+1",
    ]);
  });

  it("adds a build without a stack, and lists a build with one once", () => {
    const builds = ["v1.2.3+1", "v1.2.4+1"].map(parseBuildTag);
    const networks = targetsOf(["1_2_3_1"], [], builds).filter(({ kind }) => kind === "network");
    deepStrictEqual(
      networks.map(({ tag, isWanted }) => [tag && buildTag(tag), isWanted]),
      [
        ["v1.2.4+1", true],
        ["v1.2.3+1", true],
      ],
    );
  });
});

describe("look", () => {
  const jobs: Job[] = [];
  const lookAt = (target: Target, given: Exported | undefined, lacking: readonly string[] = []) =>
    look({
      target,
      state: given,
      lacking,
      stateOf: async () => undefined,
      runJob: async (job) => {
        jobs.push(job);
        return UNCHANGED;
      },
    });
  beforeEach(() => jobs.splice(0));

  it("previews a stack with the salt of its state", async () => {
    strictEqual(await lookAt(EDGE, state()), UNCHANGED);
    deepStrictEqual(jobs, [{ stack: "edge", variables: policyVariables(state()), salt: "v1:salt" }]);
  });

  it("says that a channel or the edge has no stack yet", async () => {
    const channel = await lookAt(CHANNEL, undefined);
    deepStrictEqual([channel?.kind, (await lookAt(EDGE, undefined))?.kind], ["absent", "absent"]);
    match(channel?.kind === "absent" ? channel.reason : "", /testnet points to no network yet/);
    deepStrictEqual(jobs, []);
  });

  it("leaves out a network that is retired", async () => {
    strictEqual(await lookAt(NETWORK, { deployment: {} }), undefined);
  });

  it("never takes a stack whose last run did not end for unchanged", async () => {
    const pending = [{ type: "creating", resource: ROOT }];
    const outcome = await lookAt(NETWORK, state({ pending_operations: pending }));
    strictEqual(outcome?.kind, "failed");
    match(outcome?.kind === "failed" ? outcome.reason : "", /1 operation .* `smeshnet recover v1\.2\.3\+1`/);
  });

  it("says what is lacking when nobody may look", async () => {
    deepStrictEqual(await lookAt(NETWORK, state(), ["A is not set", "B is not set"]), {
      kind: "unseen",
      reason: "A is not set; B is not set",
    });
  });
});

describe("what an environment lacks", () => {
  const all = { CLOUDFLARE_API_TOKEN: "t", PULUMI_CONFIG_PASSPHRASE: "" };

  it("is nothing when all is set, also an empty passphrase or one in a file", () => {
    deepStrictEqual(lackingFor(all, state()), []);
    deepStrictEqual(lackingFor({ CLOUDFLARE_API_TOKEN: "t", PULUMI_CONFIG_PASSPHRASE_FILE: "f" }, state()), []);
    const split = { CLOUDFLARE_DNS_TOKEN: "t", CLOUDFLARE_KV_TOKEN: "t", CLOUDFLARE_WORKERS_TOKEN: "t" };
    deepStrictEqual(lackingFor({ ...split, PULUMI_CONFIG_PASSPHRASE: "" }, state()), []);
  });

  it("is a passphrase only where one encrypts the state", () => {
    const none = { CLOUDFLARE_API_TOKEN: "t" };
    deepStrictEqual(lackingFor(none, state()), ["PULUMI_CONFIG_PASSPHRASE is not set"]);
    deepStrictEqual(lackingFor(none, state({ secrets_providers: { type: "cloud" } })), []);
    const part = { CLOUDFLARE_DNS_TOKEN: "t", PULUMI_CONFIG_PASSPHRASE: "" };
    deepStrictEqual(lackingFor(part, state()), ["CLOUDFLARE_API_TOKEN is not set"]);
  });

  it("is the backend, or what it answered", () => {
    strictEqual(withoutBackend({}, "told."), "PULUMI_BACKEND_URL is not set");
    strictEqual(withoutBackend({ PULUMI_BACKEND_URL: "gs://states" }, "Told."), "Told");
  });
});

describe("outcomeOf", () => {
  const error = (...messages: string[]) =>
    messages.map((message) => ({ diagnosticEvent: { severity: "error", message } })) as never;

  it("is a failure with the first error, without its stack trace", () => {
    const text =
      "Unhandled exception: Error: A mistake. a mistake\n    at /tmp/checkout/stacks/version.ts:1:1\n    at more";
    const outcome = outcomeOf({ events: error("A mistake.", text, "a mistake\n"), failure: "failed" });
    deepStrictEqual(outcome, { kind: "failed", reason: "Unhandled exception: Error: A mistake. a mistake" });
  });

  it("tells every wrong setting", () => {
    const outcome = outcomeOf({
      events: error("2 settings are wrong:\n  one is 1.\n  two is 2.\n"),
      failure: "failed",
    });
    deepStrictEqual(outcome, { kind: "failed", reason: "2 settings are wrong: one is 1. two is 2." });
  });

  it("is a failure in the engine's words when it reported no error", () => {
    deepStrictEqual(outcomeOf({ events: [], failure: "locked" }), { kind: "failed", reason: "locked" });
  });

  it("is a violation when a mandatory policy ended the preview", () => {
    const policy = { policyName: "p", message: "no", enforcementLevel: "mandatory" };
    const outcome = outcomeOf({ events: [{ policyEvent: policy }] as never, failure: "policies violated" });
    strictEqual(outcome.kind === "previewed" ? outcome.violations.length : outcome.reason, 1);
  });
});
