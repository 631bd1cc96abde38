import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import type { Finding } from "../../infra/review/drift/model";
import { describe as describeCluster } from "../../sandbox/kubernetes/cluster";
import { CallCounter, driftOf, mend, Planter } from "../support/drift";
import { Running } from "../support/kills";
import { promotion } from "../support/promotions";
import { TestSandbox } from "../support/sandbox";

const TAG = "v1.2.3+1";
const STACK = "1_2_3_1";

/** A network that is made in seconds. */
const SMALL = { SMESHNET_MINERS: "4", SMESHNET_BOOTNODES: "2", SANDBOX_SPACECRAFT_TICK_MS: "100" };

const HOUR = 3_600_000;

/** A promotion without a network cannot be completed, so it is found to the end. */
const HALF_DONE = "channel testnet";

describe("drift", function () {
  this.timeout(180_000);
  const sandbox = new TestSandbox(SMALL);
  let plant: Planter;

  before(async () => {
    await sandbox.start();
    sandbox.pushQuietly(TAG);
    plant = new Planter(sandbox);
  });
  after(() => sandbox.close());

  const finds = async () => (await driftOf(sandbox)).drift.findings;
  /** What the test before has found. */
  let found: readonly Finding[] = [];

  it("tells what a deployment left that was killed while go-spacecraft made the network", async () => {
    // go-spacecraft never looks again whether the first poet is ready.
    const run = new Running(["deploy", TAG], { ...sandbox.env, SANDBOX_SPACECRAFT_TICK_MS: "600000" });
    await run.says(/network \| k8s cluster is ready/);
    const during = (await driftOf(sandbox)).drift;
    deepStrictEqual(during.findings, [], "nothing while it is being deployed");
    deepStrictEqual(
      during.updating.map(({ what }) => what),
      [TAG],
    );
    await run.crash();

    const { exitCode, error, drift } = await driftOf(sandbox);
    found = drift.findings;
    deepStrictEqual([exitCode, error], [1, "DriftFound"]);
    deepStrictEqual(
      found.map(({ kind, what, why, mend }) => [kind, what, why, mend]),
      [["unfinished", `stack ${STACK}`, `the deployment of ${TAG} was killed`, `smeshnet deploy ${TAG}`]],
    );
    const [lock, ...left] = found[0]?.left ?? [];
    match(lock ?? "", /^the lock: its engine was killed \(/);
    deepStrictEqual(left, [
      "unfinished operation: creating network",
      "steps in the state: devnext, history",
      "cluster v1-2-3-1 (RUNNING)",
    ]);
  });

  it("finds nothing once the command that it named has run, and keeps to Cloudflare's limit with 20 networks", async () => {
    await mend(sandbox, found);
    const counter = await CallCounter.start(sandbox.env.CLOUDFLARE_BASE_URL as string);
    const { exitCode, drift, error } = await driftOf(sandbox, { CLOUDFLARE_BASE_URL: counter.url });
    counter.close();
    deepStrictEqual([drift.findings, drift.unseen, drift.updating, error, exitCode], [[], [], [], undefined, 0]);
    deepStrictEqual(drift.looked, { edge: true, channels: [], networks: [TAG] });
    // A daily run shares 1,200 calls in five minutes with everything else of the account.
    const ofNetwork = counter.calls.filter((call) => /1[_-]2[_-]3[_-]1|dns_records\/\w/.test(call)).length;
    ok(ofNetwork > 5, counter.calls.join("\n"));
    ok(20 * ofNetwork + counter.calls.length < 600, counter.calls.join("\n"));
  });

  it("tells what somebody removed or changed, and the command brings it back", async () => {
    const { zone, zoneId } = sandbox.world;
    const host = `api-v1-2-3-1.net.${zone}`;
    const [record] = await plant.cloudflare("GET", `zones/${zoneId}/dns_records?name=${host}`);
    await plant.cloudflare("DELETE", `zones/${zoneId}/dns_records/${record?.id}`);
    await plant.key(`config:${STACK}`, "not the config");
    found = await finds();
    const command = `pulumi up --refresh --stack ${STACK}`;
    deepStrictEqual(
      found.map(({ kind, what, why, mend }) => [kind, what, why, mend]),
      [
        ["difference", `DnsRecord ${host} of ${TAG}`, "it does not exist any more", command],
        ["difference", `WorkersKv discovery-config of ${TAG}`, "changed: value", command],
      ],
    );
    await mend(sandbox, found.slice(0, 1)); // one command brings back all of a stack
  });

  it("finds 12 planted orphans, one of each kind, what else has no reason to be, and nothing of others", async () => {
    const { zone } = sandbox.world;
    const hosts = { a: "127.9.0.1", b: "127.9.0.2" };
    const at = (hours: number) => new Date(Date.now() - hours * HOUR);
    const intents = (cluster: string, number: number, content: object) =>
      plant.stored(`intents/${cluster}/${number}.json`, content);
    const label = (cluster: string) => ({ labels: { "goog-k8s-cluster-name": cluster } });
    const pool = (cluster: string) => ({
      instances: [`https://compute/instances/gke-${cluster}-default-pool-1a2b-x1`],
    });
    const target = (name: string) => ({ target: `https://compute/targetPools/${name}`, IPAddress: hosts.a });

    // Ours, without a living stack.
    await intents("v1-2-9-1", 1, { tag: "v1.2.9+1", stage: "making", at: at(5) });
    await intents("v1-2-9-2", 1, { tag: "v1.2.9+2", stage: "making", at: at(9) });
    await intents("v1-2-9-2", 2, { tag: "v1.2.9+2", stage: "made", at: at(8), createTime: at(9) });
    await intents("v1-2-9-2", 3, { tag: "v1.2.9+2", stage: "removed", at: at(2) });
    plant.cluster("v1-2-9-1", at(4));
    plant.compute("compute.disks", "pvc-left", at(7), label("v1-2-9-2"));
    plant.compute("compute.target-pools", "aleft", at(7), pool("v1-2-9-2"));
    plant.compute("compute.forwarding-rules", "aleft", at(7), target("aleft"));
    plant.compute("compute.addresses", "aleft", at(7), { status: "RESERVED", address: hosts.a });
    const orphans = [
      "address aleft (127.9.0.1)",
      "cluster v1-2-9-1 (ERROR)",
      "disk pvc-left (10 GB)",
      "forwarding rule aleft (127.9.0.1)",
      await plant.record("api-v1-2-9-1", { type: "A", content: hosts.a, comment: "smeshnet v1.2.9+1" }),
      await plant.record("_smeshnet.1_2_9_4", { type: "TXT", content: '"build-tag=v1.2.9+4"' }),
      await plant.record("stray", { type: "A", content: hosts.b, comment: `smeshnet ${TAG}` }),
      await plant.record("api.beta", { type: "CNAME", content: `gateway.beta.net.${zone}`, comment: "smeshnet beta" }),
      "key network:1_2_9_1",
      "key page:1_2_9_5",
      "Worker smeshnet-edge-old",
      `host old.net.${zone} of Worker smeshnet-edge`,
    ];
    await plant.key("network:1_2_9_1");
    await plant.key("page:1_2_9_5");
    await plant.worker("smeshnet-edge-old");
    await plant.host(`old.net.${zone}`, "smeshnet-edge");

    // Stacks without a reason to live, and what runs left.
    await sandbox.pulumi(["stack", "init", "1_2_9_6"]);
    await sandbox.channel("gamma", {});
    await plant.stored("announcements/testnet/1/intent-1.json", {
      ...{ release: "v1.2.9", tag: "v1.2.9+1", kind: "promotion", at: at(1) },
      payload: { embeds: [{ title: "Spacemesh testnet: v1.2.9" }] },
    });
    await plant.stored("channels/testnet/1.json", promotion(1, "v1.2.9"));
    const others = [
      ["unfinished", "channel testnet"],
      ["unfinished", await plant.plugin()],
      ["needless", "stack 1_2_9_6"],
      ["needless", "stack gamma"],
      ["uncertain", "announcement 1 of testnet"],
    ];

    // Somebody else's, or of the past, or in use.
    plant.cluster("v1-2-8-1", at(4));
    plant.compute("compute.disks", "pvc-foreign", at(7), label("v1-2-8-1"));
    plant.compute("compute.disks", "pvc-older", at(20), label("v1-2-9-2"));
    plant.compute("compute.disks", "pvc-used", at(7), { ...label("v1-2-9-2"), users: ["https://compute/instances/x"] });
    plant.compute("compute.disks", "pvc-living", at(0), {
      ...label("v1-2-3-1"),
      users: ["https://compute/instances/y"],
    });
    plant.compute("compute.target-pools", "aforeign", at(7), pool("v1-2-9-22"));
    plant.compute("compute.forwarding-rules", "aforeign", at(7), target("aforeign"));
    await plant.record("friend", { type: "A", content: hosts.a, comment: "of a friend" });
    await plant.record("_smeshnet.elsewhere", { type: "TXT", content: '"build-tag=v1.2.9+7"' });
    await plant.key(`history:1_2_9_8:${at(30).toISOString()}`);
    for (const kind of ["page", "simmer", "certificate"]) await plant.key(`${kind}:1_2_9_8`);
    await plant.key("notes");
    await plant.worker("somebodys-worker");

    const { drift } = await driftOf(sandbox);
    found = drift.findings;
    const named = (wanted: boolean) =>
      drift.findings.filter(({ kind }) => (kind === "orphan") === wanted).map(({ kind, what }) => [kind, what]);
    deepStrictEqual(named(true).sort(), orphans.map((what) => ["orphan", what]).sort());
    deepStrictEqual(named(false), others);
    deepStrictEqual(drift.foreign.map(({ what }) => what).sort(), [
      `DNS record _smeshnet.elsewhere.net.${zone} (TXT "build-tag=v1.2.9+7")`,
      `DNS record friend.net.${zone} (A ${hosts.a})`,
      "key notes",
    ]);
    deepStrictEqual(drift.unseen, []);
  });

  it("names a command for each that mends it, and leaves alone what is not ours", async () => {
    const mendable = found.filter(({ what }) => what !== HALF_DONE);
    await mend(sandbox, mendable);
    const { drift } = await driftOf(sandbox);
    deepStrictEqual(
      drift.findings.map(({ what, mend }) => [what, mend]),
      [[HALF_DONE, "smeshnet promote v1.2.9 --channel testnet --reason 'there is no simmer yet'"]],
    );
    strictEqual(drift.foreign.length, 3);
    ok(describeCluster(sandbox.home, "v1-2-8-1"));
  });

  it("tells what a retirement left that was killed after the names were gone, before the network was", async () => {
    const run = new Running(["retire", TAG, "--why", "the test is over"], sandbox.env);
    await run.says(/log-archive \| .*archiving/);
    await run.crash();

    const [retirement, ...others] = await finds();
    deepStrictEqual(
      others.map(({ what }) => what),
      [HALF_DONE],
    );
    ok(retirement);
    const { kind, what, why, left = [], mend: command } = retirement;
    deepStrictEqual(
      [kind, what, why, command],
      ["unfinished", `stack ${STACK}`, `the retirement of ${TAG} was killed`, `smeshnet retire ${TAG}`],
    );
    deepStrictEqual(left.slice(1), [
      "unfinished operation: deleting log-archive",
      "steps in the state: devnext, history, network, log-archive",
      "cluster v1-2-3-1 (RUNNING)",
      "disk pvc-living (10 GB)",
    ]);
    await mend(sandbox, [retirement]);
  });

  it("finds nothing of a retired network: its page, its history and its empty stack stay on purpose", async () => {
    deepStrictEqual(
      (await finds()).map(({ what }) => what),
      [HALF_DONE],
    );
    const kept = await plant.keys();
    deepStrictEqual(
      kept.filter((key) => key.includes(STACK)).map((key) => key.split(":")[0]),
      ["history", "page"],
    );
  });
});
