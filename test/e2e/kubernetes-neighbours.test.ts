import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { settingsOfProject } from "../../infra/base/engine/project";
import { buildTag, hostLabel, parseBuildTag, stackName } from "../../infra/base/model/build-tag";
import { NetworkFacts } from "../../infra/base/model/network-facts";
import { networkSpec } from "../../infra/base/model/network-spec";
import { versionsUnder } from "../../infra/base/model/versions";
import { Running } from "../support/kills";
import { KubernetesNetwork } from "../support/kubernetes-network";
import { TestSandbox } from "../support/sandbox";

const [A, B, FOREIGN, PREPARED, LARGE] = ["v1.2.2+1", "v1.2.3+1", "v1.2.4+1", "v1.2.5+1", "v1.2.6+1"] as const;

/** The fewest nodes of which three smesh, and the shortest epochs in which a proof of space still fits. */
const SMALL = {
  SMESHNET_MINERS: "4",
  SMESHNET_LAYER_DURATION: "1",
  SMESHNET_POET_PHASE_SHIFT: "5",
  SMESHNET_POET_CYCLE_GAP: "5",
};

describe("networks and others in one cluster", function () {
  this.timeout(300_000);
  const sandbox = new TestSandbox(SMALL, { driver: "kubernetes" });
  const networkOf = (tag: string) => new KubernetesNetwork(sandbox, hostLabel(parseBuildTag(tag)));
  const stackOf = (tag: string) => stackName(parseBuildTag(tag));

  before(async () => {
    await sandbox.start();
    for (const tag of [A, B, FOREIGN]) sandbox.pushQuietly(tag);
  });
  after(() => sandbox.close());

  const destroy = (tag: string) => sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--stack", stackOf(tag)]);

  const factsOf = async (tag: string): Promise<NetworkFacts> => {
    const text = await sandbox.pulumi(["stack", "output", "facts", "--json", "--stack", stackOf(tag)]);
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

  it("two networks are deployed at once", async () => {
    const both = [A, B].map((tag) => new Running(["deploy", tag], sandbox.env));
    const ends = await Promise.all(both.map((run) => run.ended()));
    deepStrictEqual(ends, [0, 0], both.flatMap(({ lines }) => lines).join("\n"));
  });

  it("both answer by their names", async () => {
    const checks = await Promise.all([A, B].map((tag) => sandbox.smeshnet("status", tag)));
    for (const { exitCode, stdout } of checks) strictEqual(exitCode, 0, stdout);
    deepStrictEqual((await sandbox.listed()).sort(), [A, B]);
  });

  it("their names, addresses, ports and genesis are apart", async () => {
    const [a, b] = [await factsOf(A), await factsOf(B)];
    deepStrictEqual([a.namespace, b.namespace], ["v1-2-2-1", "v1-2-3-1"]);
    const addresses = [a, b].flatMap(({ nodes, poets, p2p = [], genesisId = "" }) => [
      ...nodes.flatMap(({ grpc, json }) => [grpc, json]),
      ...poets.map(({ rest }) => rest),
      ...p2p,
      genesisId,
    ]);
    ok(addresses.length > 20 && !addresses.includes(""), addresses.join());
    deepStrictEqual(addresses, [...new Set(addresses)]);
    const ports = (await Promise.all([A, B].map((tag) => networkOf(tag).services())))
      .flat()
      .flatMap(({ spec }) => spec?.ports ?? [])
      .flatMap(({ nodePort }) => nodePort ?? []);
    deepStrictEqual(ports, [...new Set(ports)]);
  });

  it("a namespace of that name that is somebody else's is refused in one line, and left as it was", async () => {
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
      /^error\[ClusterTooSmall\]: The cluster has no room for v1\.2\.6\+1: the network wants 200\.\d cores, the cluster has 96 cores; one node wants 40 cores and 0\.1 GiB, and no machine is so large; /,
    );
    strictEqual(await networkOf(LARGE).found(), undefined);
  });

  it("one is retired while the other goes on untouched", async () => {
    const before = await lives(networkOf(B));
    await destroy(A);
    deepStrictEqual(await lives(networkOf(B)), before);
    strictEqual((await sandbox.smeshnet("status", B)).exitCode, 0);
    deepStrictEqual(await sandbox.listed(), [B]);
    const namespaces = [B, FOREIGN, PREPARED].map((tag) => networkOf(tag).namespace);
    deepStrictEqual(await KubernetesNetwork.all(sandbox), namespaces);
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
