import { deepStrictEqual, strictEqual } from "node:assert";
import type { CloudflareObject } from "../../../../infra/base/clients/cloudflare";
import { STEPS } from "../../../../infra/base/model/steps";
import type { PlatformObject } from "../../../../infra/deploy/network/driver";
import { uncertain } from "../../../../infra/review/drift/announcements";
import { foreignKeys, orphanedKeys, orphanedWorkers } from "../../../../infra/review/drift/edge";
import { allPlatforms, networkGone, orphanedPlatform } from "../../../../infra/review/drift/platform";
import { failing } from "../../../../infra/review/drift/simmer";
import { foreignRecords, orphanedRecords } from "../../../../infra/review/drift/zone";
import { promotion } from "../../../support/promotions";
import { HERE, lock, root, stack, stateOf, stepResource } from "./builders";

const LIVING = new Set(["edge", "1_2_3_1", "testnet"]);
const urlOf = (id: string) => `https://api/${id}`;

describe("orphanedRecords and foreignRecords", () => {
  const record = (name: string, changes: Partial<CloudflareObject> = {}): CloudflareObject => ({
    id: name,
    name: `${name}.net.spacemesh.io`,
    type: "A",
    content: "203.0.113.5",
    comment: null,
    ...changes,
  });
  const view = (records: readonly CloudflareObject[]) => ({
    records,
    living: LIVING,
    unjudged: new Set(["1_2_9_7"]),
    ids: new Set(["known"]),
    settings: { zone: "spacemesh.io", subdomain: "net" },
    urlOf,
  });
  const orphans = (...records: CloudflareObject[]) =>
    orphanedRecords(view(records)).map(({ what, mend }) => [what, mend]);
  const foreign = (...records: CloudflareObject[]) => foreignRecords(view(records)).map(({ what }) => what);

  it("are by the comment of a network or channel without a stack, and removed by id", () => {
    const curl = (id: string) =>
      `curl -X DELETE -H "Authorization: Bearer \${CLOUDFLARE_DNS_TOKEN:-$CLOUDFLARE_API_TOKEN}" https://api/${id}`;
    deepStrictEqual(orphans(record("a", { comment: "smeshnet v1.2.9+1" }), record("b", { comment: "smeshnet beta" })), [
      ["DNS record a.net.spacemesh.io (A 203.0.113.5)", curl("a")],
      ["DNS record b.net.spacemesh.io (A 203.0.113.5)", curl("b")],
    ]);
  });

  it("are also those of a living stack that its state does not know; recover removes these", () => {
    deepStrictEqual(
      orphans(record("known", { comment: "smeshnet v1.2.3+1" }), record("stray", { comment: "smeshnet v1.2.3+1" })),
      [["DNS record stray.net.spacemesh.io (A 203.0.113.5)", "smeshnet recover v1.2.3+1"]],
    );
  });

  it("are none of a stack that an engine is at", () =>
    deepStrictEqual(orphans(record("new", { comment: "smeshnet v1.2.9+7" })), []));

  it("are by the text of the mark, but only at the name of that mark", () => {
    const mark = (name: string) => record(name, { type: "TXT", content: '"build-tag=v1.2.9+1"' });
    strictEqual(orphans(mark("_smeshnet.1_2_9_1")).length, 1);
    deepStrictEqual(orphans(mark("_smeshnet.1_2_9_2"), mark("elsewhere")), []);
  });

  it("are neither orphans nor foreign when they answer a challenge of the TLS certificate", () => {
    const challenge = record("_acme-challenge", { type: "TXT", content: '"x"', comment: "smeshnet TLS challenge" });
    deepStrictEqual([orphans(challenge), foreign(challenge)], [[], []]);
  });

  it("are foreign in our part of the zone without a mark, but not a record of a Worker's host", () => {
    const outside = record("outside", { name: "www.spacemesh.io" });
    const near = record("near", { name: "x.planet.spacemesh.io" });
    const worker = record("worker", { meta: { read_only: true } });
    const odd = record("odd", { comment: "smeshnet is great" });
    deepStrictEqual(foreign(record("known"), outside, near, worker, odd), [
      "DNS record odd.net.spacemesh.io (A 203.0.113.5)",
    ]);
    deepStrictEqual(orphans(odd, outside, near, worker), []);
  });
});

describe("orphanedKeys and foreignKeys", () => {
  const orphans = (...keys: string[]) =>
    orphanedKeys({ keys, living: LIVING, channels: ["testnet", "stable"], urlOf }).map(({ what }) => what);

  it("leaves what a living network or a configured channel has", () => {
    const kinds = ["network", "config", "page", "simmer", "certificate"];
    deepStrictEqual(orphans(...kinds.map((kind) => `${kind}:1_2_3_1`), "page:testnet", "page:stable"), []);
  });

  it("leaves page, simmer, certificate and history of a retired network, but not its entry and config", () => {
    const kept = ["page", "simmer", "certificate"].map((kind) => `${kind}:1_2_2_1`);
    const history = "history:1_2_2_1:2026-11-01T00:00:00Z";
    deepStrictEqual(orphans(history, ...kept, "network:1_2_2_1", "config:1_2_2_1"), [
      "key network:1_2_2_1",
      "key config:1_2_2_1",
    ]);
  });

  it("finds all keys of a network that is gone without a history, and the page of a channel that is no more", () => {
    deepStrictEqual(orphans("page:1_2_9_1", "simmer:1_2_9_1", "page:beta"), [
      "key page:1_2_9_1",
      "key simmer:1_2_9_1",
      "key page:beta",
    ]);
  });

  it("never calls a key ours that we do not write", () => {
    const keys = ["notes", "network:", "network:My Own", "pages:1_2_9_1"];
    deepStrictEqual(orphans(...keys), []);
    deepStrictEqual(
      foreignKeys({ keys: [...keys, "page:1_2_9_1", "recap:1_2_9_1:2026-11-22T07:40:00Z"] }).map(({ what }) => what),
      ["key notes", "key pages:1_2_9_1"],
    );
  });
});

describe("orphanedWorkers", () => {
  const find = (parts: Partial<Parameters<typeof orphanedWorkers>[0]>) =>
    orphanedWorkers({
      scripts: [],
      domains: [],
      namespaces: [],
      ids: new Set(["smeshnet-edge", "known"]),
      accountId: "account",
      urlOf,
      ...parts,
    }).map(({ what, mend }) => [what, mend.split(" ").at(-1)]);

  it("finds Workers and hosts of ours that no stack knows", () => {
    deepStrictEqual(find({ scripts: [{ id: "smeshnet-edge" }, { id: "smeshnet-edge-2" }, { id: "smeshnetwork" }] }), [
      ["Worker smeshnet-edge-2", "https://api/workers/scripts/smeshnet-edge-2"],
    ]);
    const host = (id: string, service: string) => ({ id, hostname: `${id}.net.spacemesh.io`, service });
    deepStrictEqual(
      find({ domains: [host("known", "smeshnet-edge"), host("old", "smeshnet-edge"), host("x", "other")] }),
      [["host old.net.spacemesh.io of Worker smeshnet-edge", "https://api/workers/domains/old"]],
    );
  });

  it("takes a lost namespace back, and never removes it", () => {
    const [found] = find({
      namespaces: [
        { id: "lost", title: "smeshnet-edge" },
        { id: "x", title: "other" },
      ],
    });
    deepStrictEqual(found, ["KV namespace smeshnet-edge (lost)", "edge"]);
  });
});

describe("orphanedPlatform and networkGone", () => {
  const object = (changes: Partial<PlatformObject> = {}): PlatformObject => ({
    kind: "cluster",
    name: "v1-2-9-1",
    tag: "v1.2.9+1",
    state: "RUNNING",
    evidence: "a record",
    isRoot: true,
    isHeld: false,
    remove: "gcloud ...",
    ...changes,
  });
  const find = (...objects: PlatformObject[]) =>
    orphanedPlatform(objects, LIVING, new Set(["1_2_9_7"])).map(({ what }) => what);

  it("are clusters without a living stack, unless they are being removed or an engine is at it", () => {
    deepStrictEqual(
      find(
        object(),
        object({ tag: "v1.2.3+1" }),
        object({ isHeld: true, state: "STOPPING" }),
        object({ tag: "v1.2.9+7" }),
      ),
      ["cluster v1-2-9-1 (RUNNING)"],
    );
  });

  it("are disks of clusters that are gone, also those that a living network had before", () => {
    const disk = object({ kind: "disk", name: "pvc", state: "10 GB", isRoot: false });
    deepStrictEqual(find(disk, { ...disk, tag: "v1.2.3+1" }, { ...disk, isHeld: true }), [
      "disk pvc (10 GB)",
      "disk pvc (10 GB)",
    ]);
  });

  it("tell of a network that is gone", () => {
    strictEqual(networkGone(stack(), [object()])?.mend, "smeshnet retire v1.2.3+1 --gap 'the network is gone'");
    strictEqual(networkGone(stack(), [object({ tag: "v1.2.3+1" })]), undefined);
    strictEqual(networkGone(stack({ name: "testnet", state: stateOf([root()]) }), []), undefined);
  });
});

describe("uncertain", () => {
  const of = (...names: string[]) =>
    uncertain(
      names.map((name) => `announcements/testnet/${name}.json`),
      ["testnet"],
    ).map(({ what }) => what);

  it("is an announcement whose last try neither ended nor was given up", () => {
    deepStrictEqual(of("1/intent-1", "1/not-sent-1", "1/intent-2", "2/intent-1"), [
      "announcement 1 of testnet",
      "announcement 2 of testnet",
    ]);
  });

  it("is none that was sent, given up, or of a channel that somebody is at", () => {
    deepStrictEqual(of("1/intent-1", "1/sent", "2/intent-1", "2/not-sent-1"), []);
    deepStrictEqual(uncertain(["announcements/beta/1/intent-1.json"], ["testnet"]), []);
  });
});

describe("failing", () => {
  const summary = {
    schema: 1 as const,
    tag: "v1.2.3+1",
    watchedAt: "2026-12-01T00:00:00Z",
    every: 10,
    verdict: "stalled" as const,
    since: "2026-11-30T00:00:00Z",
    evidence: "",
    observed: { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 },
    needed: 1,
    genesisTime: "2026-11-01T00:00:00Z",
    layerDuration: 300,
    effectiveGenesis: 2,
    points: [],
  };
  const of = (changes: Partial<typeof summary> | { verdict: "healthy" }, limit = 288, channels = new Map()) =>
    failing(stack(), { ...summary, ...changes }, channels, { simmerLimit: limit }, HERE)?.mend;

  it("is a network that stalls for longer than the settings allow", () => {
    strictEqual(of({}), "smeshnet retire v1.2.3+1 --why stalled");
    strictEqual(of({}, 289), undefined);
    strictEqual(of({ verdict: "healthy" }), undefined);
  });

  it("counts what was seen, not the time since the watcher ended", () =>
    strictEqual(of({ watchedAt: "2026-11-30T01:00:00Z" }), undefined));

  it("moves the channel that points to it first", () => {
    const channels = new Map([["testnet", { state: { promotion: promotion(1, "v1.2.3") } }]]);
    strictEqual(of({}, 288, channels), "smeshnet demote --channel testnet --reason 'v1.2.3+1 is stalled'");
  });

  it("is none that an engine is at", () =>
    strictEqual(
      failing(stack({ locks: [lock({ pid: 7 })] }), summary, new Map(), { simmerLimit: 1 }, HERE),
      undefined,
    ));
});

describe("allPlatforms", () => {
  const madeBy = (driver?: string) => {
    const step = stepResource(STEPS.network);
    return stack({
      state: stateOf([
        { ...step, urn: step.urn.replace(":Any$", ":Network$"), inputs: { environment: { DRIVER: driver } } },
      ]),
    });
  };
  const object = (tag: string) => ({ tag }) as PlatformObject;
  const asked: string[] = [];
  const ask = async (kind: string) => {
    asked.push(kind);
    return [object("v1.2.3+1")];
  };
  beforeEach(() => {
    asked.length = 0;
  });

  it("looks also at the platform of networks that the driver of an earlier setting made", async () => {
    const today = { kubernetes: [object("v1.2.4+1")] };
    const seen = await allPlatforms([madeBy("kubernetes"), madeBy(), madeBy("spacecraft")], today, ask);
    deepStrictEqual(asked, ["spacecraft"]);
    deepStrictEqual(
      seen?.map(({ tag }) => tag),
      ["v1.2.4+1", "v1.2.3+1"],
    );
  });

  it("knows nothing while one of the platforms is silent", async () => {
    strictEqual(await allPlatforms([madeBy()], { kubernetes: [] }, async () => undefined), undefined);
    strictEqual(await allPlatforms([], { kubernetes: undefined }, ask), undefined);
  });

  it("asks no platform of a stack without a network", async () => {
    deepStrictEqual(await allPlatforms([stack({ state: stateOf([root()]) })], { kubernetes: [] }, ask), []);
    deepStrictEqual(asked, []);
  });
});
