import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressesOf } from "../../infra/base/clients/dns";
import { settingsOfProject } from "../../infra/base/engine/project";
import { buildTag, hostLabel, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import { NetworkFacts } from "../../infra/base/model/network-facts";
import { networkSpec } from "../../infra/base/model/network-spec";
import { versionsUnder } from "../../infra/base/model/versions";
import { askForGift } from "../../sandbox/gift";
import { CHECKOUT, places } from "../../sandbox/home";
import { driftOf } from "../support/drift";
import { Running } from "../support/kills";
import { KubernetesNetwork } from "../support/kubernetes-network";
import { TestSandbox } from "../support/sandbox";

const FIRST = "v1.2.2+1";
const SECOND = "v1.2.3+1";
const [FOREIGN, PREPARED, LARGE] = ["v1.2.4+1", "v1.2.5+1", "v1.2.6+1"] as const;

describe("the release cycle with today's driver", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox({}, { driver: "kubernetes" });
  let watcher: Running | undefined;

  const ciDone = async (tag: string) => {
    const { exitCode, log } = await sandbox.deployed(tag);
    const words = readFileSync(log, "utf8");
    strictEqual(exitCode, 0, words);
    return words;
  };
  const smeshnet = (...args: readonly string[]) => sandbox.must("node", ["scripts/smeshnet.cjs", ...args]);
  const namespaces = async () => {
    const found = await sandbox.must("kubectl", [
      "get",
      "namespaces",
      "-l",
      "app.kubernetes.io/managed-by=smeshnet",
      "-o",
      "name",
    ]);
    return found.split("\n").filter((line) => line !== "");
  };
  const networkOf = (tag: string) => new KubernetesNetwork(sandbox, hostLabel(parseBuildTag(tag)));
  const factsOf = async (tag: string): Promise<NetworkFacts> => {
    const text = await sandbox.pulumi(["stack", "output", "facts", "--json", "--stack", stackName(parseBuildTag(tag))]);
    return NetworkFacts.parse(JSON.parse(text));
  };

  /** The step that makes a network, alone. */
  const networkUp = async (tag: string, settings: NodeJS.ProcessEnv = {}) => {
    const build = parseBuildTag(tag);
    const chosen = await settingsOfProject({ ...sandbox.env, ...settings });
    const spec = networkSpec(build, chosen, versionsUnder(build, chosen));
    return new Running(["step", "network", "up", buildTag(build)], {
      ...sandbox.env,
      NETWORK_SPEC: JSON.stringify(spec),
      DRIVER: chosen.driver,
      ARCHIVE: chosen.archive,
    });
  };

  const addressOf = async (host: string) => (await addressesOf(`${host}.net.${sandbox.world.zone}`, sandbox.names))[0];
  const giftOf = (tap: string, api: string) => {
    const { zone } = sandbox.world;
    return askForGift(sandbox.world, { tap: `${tap}.net.${zone}`, api: `${api}.net.${zone}` });
  };
  /** Every public part of the testnet leads to one network. */
  const leadsTo = async (release: string, label: string) => {
    const { body } = await sandbox.get(`test.net.${sandbox.world.zone}`);
    match(/<title>([^<]*)/.exec(body)?.[1] ?? "", new RegExp(`testnet.*${release.replaceAll(".", "\\.")}`));
    strictEqual(await addressOf("api.test"), await addressOf(`api-${label}`));
    strictEqual(await sandbox.commitOf("refs/heads/testnet"), await sandbox.commitOf(`refs/tags/${release}`));
  };

  before(() => sandbox.start());
  after(async () => {
    delete process.env.SMESHNET_EXPOSURE;
    await watcher?.kill("itself");
    await sandbox.close();
  });

  it("a pushed build tag becomes a network, and simmers to a certificate while the next is deployed", async () => {
    const args = ["simmer", "watch", "--search", "2", "--folder", join(sandbox.home, "watcher")];
    watcher = new Running(args, sandbox.env, CHECKOUT);
    sandbox.push(FIRST);
    process.env.SMESHNET_EXPOSURE = "none"; // from here on, for CI and every command
    sandbox.push(SECOND);
    await ciDone(FIRST);
    await watcher.says(/^v1\.2\.2\+1: healthy, day ([7-9]|\d\d)/);
    const [file, key] = [join(sandbox.home, "certificate.json"), join(sandbox.home, "public.pem")];
    writeFileSync(key, sandbox.world.simmerKeys.public);
    writeFileSync(file, await smeshnet("simmer", "certify", FIRST));
    match(await smeshnet("certificate", "verify", file, "--key", key, "--samples"), /v1\.2\.2\+1 is certified/);
  });

  it("both are namespaces of one cluster, and in the public list", async () => {
    await ciDone(SECOND);
    deepStrictEqual(await namespaces(), ["namespace/v1-2-2-1", "namespace/v1-2-3-1"]);
    deepStrictEqual((await sandbox.listed()).sort(), [FIRST, SECOND]);
  });

  it("the second has no address outside, and all of it works: smoke test, watcher, status", async () => {
    const { nodes, poets, p2p, nodeConfig } = await factsOf(SECOND);
    const inside = [...nodes.flatMap(({ grpc, json }) => [grpc, json]), ...poets.map(({ rest }) => rest)];
    deepStrictEqual(
      inside.filter((at) => !/^(miner|poet)-\d\.v1-2-3-1\.svc:\d+$/.test(at)),
      [],
    );
    deepStrictEqual([p2p, JSON.parse(nodeConfig).p2p.bootnodes], [[], []]);
    const services = await networkOf(SECOND).services();
    deepStrictEqual(
      services.flatMap(({ metadata, spec }) => (spec?.type === "ClusterIP" ? [] : [metadata?.name])),
      ["gateway"],
    );
    await watcher?.says(/^v1\.2\.3\+1: healthy/);
    match(await smeshnet("smoke", SECOND), /passed/);
    match(await smeshnet("status", SECOND), /gRPC .* synced, [1-9]\d* peers/);
    const { body } = await sandbox.get(`1_2_3_1.net.${sandbox.world.zone}`);
    match(body, /Nobody outside its cluster can join/);
    strictEqual(body.match(/ title="sha256:[0-9a-f]{64}"/g)?.length, 6, "the digest of each image that runs");
  });

  it("their names, addresses, ports and genesis are apart", async () => {
    const [a, b] = [await factsOf(FIRST), await factsOf(SECOND)];
    deepStrictEqual([a.namespace, b.namespace], ["v1-2-2-1", "v1-2-3-1"]);
    const addresses = [a, b].flatMap(({ nodes, poets, p2p = [], genesisId = "" }) => [
      ...nodes.flatMap(({ grpc, json }) => [grpc, json]),
      ...poets.map(({ rest }) => rest),
      ...p2p,
      genesisId,
    ]);
    ok(addresses.length > 20 && !addresses.includes(""), addresses.join());
    deepStrictEqual(addresses, [...new Set(addresses)]);
    const ports = (await Promise.all([FIRST, SECOND].map((tag) => networkOf(tag).services())))
      .flat()
      .flatMap(({ spec }) => spec?.ports ?? [])
      .flatMap(({ nodePort }) => nodePort ?? []);
    deepStrictEqual(ports, [...new Set(ports)]);
  });

  it("a tap pays a gift to whoever asks, and the explorer's API shows the balance", async () => {
    const { amount, balance, explorer } = await giftOf("tap-v1-2-2-1", "api-v1-2-2-1");
    strictEqual(balance, amount);
    match((await sandbox.get(new URL(explorer).hostname, new URL(explorer).pathname)).body, /<html/);
  });

  it("a namespace of that name that is somebody else's is refused in one line, and left as it was", async () => {
    sandbox.pushQuietly(FOREIGN);
    const theirs = networkOf(FOREIGN);
    await theirs.kubectl("create", "namespace", theirs.namespace);
    await theirs.kubectl("create", "configmap", "theirs", "--from-literal=a=b");
    const before = await theirs.versions();
    const { exitCode, stderr } = await sandbox.smeshnet("deploy", FOREIGN);
    strictEqual(exitCode, 1);
    const error =
      /^error\[NamespaceNotOurs\]: Namespace v1-2-4-1 exists and is not marked as ours\. It was left alone\./;
    match(stderr.trim().split("\n").at(-1) ?? "", error);
    strictEqual((await sandbox.pulumi(["stack", "ls", "--json"])).includes("1_2_4_1"), false);
    const run = await networkUp(FOREIGN); // as a bare `pulumi up` does, which nobody asks before
    strictEqual(await run.ended(), 1);
    match(run.lines.at(-1) ?? "", error);
    deepStrictEqual(await theirs.versions(), before);
  });

  it("a quota that is too small is said in one line before anything is made in a prepared namespace", async () => {
    const prepared = networkOf(PREPARED);
    await prepared.kubectl("create", "namespace", prepared.namespace);
    await prepared.kubectl("annotate", "namespace", prepared.namespace, `smeshnet/build-tag=${PREPARED}`);
    await prepared.kubectl("create", "quota", "small", "--hard=pods=3,requests.cpu=100m");
    const before = await prepared.objects();
    const run = await networkUp(PREPARED);
    strictEqual(await run.ended(), 1);
    const errors = run.lines.filter((line) => line.startsWith("error"));
    strictEqual(errors.length, 1, run.lines.join("\n"));
    match(
      errors[0] ?? "",
      /^error\[QuotaTooSmall\]: The quota of the namespace v1-2-5-1 has no room for v1\.2\.5\+1: small allows 3 more of pods, and the network wants \d+, small allows 0\.1 cores more of requests\.cpu, and the network wants [\d.]+ cores\. Raise /,
    );
    deepStrictEqual(await prepared.objects(), before);
  });

  it("resources larger than the cluster are said before the namespace is made", async () => {
    const large = { cpu: "40", memory: "64Mi", disk: "1Gi" };
    const run = await networkUp(LARGE, { SMESHNET_RESOURCES: JSON.stringify({ node: large, poet: large }) });
    strictEqual(await run.ended(), 1);
    match(
      run.lines.find((line) => line.startsWith("error")) ?? "",
      /^error\[ClusterTooSmall\]: The cluster has no room for v1\.2\.6\+1: the network wants 240\.\d cores, the cluster has 96 cores; one node wants 40 cores and 0\.1 GiB, and no machine is so large; /,
    );
    strictEqual(await networkOf(LARGE).found(), undefined);
  });

  it("the release tag v1.2.2 makes the first the testnet, on its certificate", async () => {
    sandbox.release("v1.2.2", "Release v1.2.2");
    match(await ciDone("v1.2.2"), /simmer {8}certified/);
    await leadsTo("v1.2.2", "v1-2-2-1");
  });

  it("the release tag v1.2.3 moves the testnet, and the first network is archived and removed", async () => {
    sandbox.release("v1.2.3", "Release v1.2.3\n\nWithout-Simmer: the first certificate is enough for a test");
    const before = await lives(networkOf(SECOND));
    match(await ciDone("v1.2.3"), /v1\.2\.2\+1: retired, /);
    await leadsTo("v1.2.3", "v1-2-3-1");
    deepStrictEqual(await namespaces(), ["namespace/v1-2-3-1"]);
    ok((await giftOf("tap.test", "api.test")).balance);
    deepStrictEqual(await lives(networkOf(SECOND)), before);
    match(await smeshnet("archive", "verify", FIRST), /objects verified/);
    const archived = await smeshnet("archive", "show", FIRST);
    match(archived, /logs\/miner-5-.*\n.*keys.*\n.*miner.*\n.*stats/);
    match(archived, /^gap {7}none$/m);
    const images = await smeshnet("archive", "show", FIRST, "images.json");
    match(images, /"image": "caddy:[\d.]+",\n +"sha256": "[0-9a-f]{64}"/);
  });

  it("nothing has drifted, a preview finds nothing to change, and the doctor finds nothing", async () => {
    const { drift } = await driftOf(sandbox);
    deepStrictEqual([drift.findings, drift.unseen, drift.foreign], [[], [], []]);
    await sandbox.pulumi(["preview", "--expect-no-changes", "--stack", "1_2_3_1"]);
    match(await smeshnet("doctor"), /^ok {3}webhook: Discord knows the webhook as "smeshnet"$/m);
  });

  it("the testnet's network goes by `pulumi destroy`, after the testnet itself, and leaves its archive", async () => {
    const refused = await sandbox.smeshnet("retire", SECOND);
    deepStrictEqual([refused.exitCode, /testnet points to v1\.2\.3\+1/.test(refused.stderr)], [1, true]);
    await sandbox.pulumi(["state", "unprotect", "--all", "--yes", "--stack", "testnet"]);
    await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--remove", "--stack", "testnet"]);
    await smeshnet("promote", "v1.2.3", "--abandon", "the testnet is taken down");
    await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--stack", "1_2_3_1"]);
    deepStrictEqual(await namespaces(), []);
    deepStrictEqual(await sandbox.listed(), []);
    for (const tag of [FIRST, SECOND]) match(await smeshnet("archive", "verify", tag), /objects verified/);
    const samples = join(places(sandbox.home).archive, "archives", SECOND, "1/samples.json");
    const last = readFileSync(samples, "utf8");
    deepStrictEqual(
      last.match(/"reachable": ?(true|false)/g)?.map((one) => one.endsWith("true")),
      Array(5).fill(true),
    );
  });
});

/** Each pod with its uid and the restarts of its containers: what a life is known by. */
async function lives(network: KubernetesNetwork): Promise<string[]> {
  const pods = await network.pods();
  ok(pods.length >= 9, `${pods.length} pods`);
  return pods
    .map(({ metadata, status }) => {
      const restarts = (status?.containerStatuses ?? []).map(({ name, restartCount }) => `${name} ${restartCount}`);
      return [metadata?.name, metadata?.uid, ...restarts.sort()].join(" ");
    })
    .sort();
}
