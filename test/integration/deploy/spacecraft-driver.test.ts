import { deepStrictEqual, match, strictEqual } from "node:assert";
import { join } from "node:path";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import type { NetworkFacts } from "../../../infra/base/model/network-facts";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import { describe as describeCluster } from "../../../sandbox/kubernetes/cluster";
import { ClusterWorld } from "../../support/cluster-world";
import { settingsWith } from "../../support/settings";

const TAG = "v1.2.3+1";
const MARKER = "/api/v1/namespaces/default/configmaps/smeshnet";

describe("the step `network` with the tools on the PATH", function () {
  this.timeout(60_000);
  let world: ClusterWorld;
  before(async () => {
    world = await ClusterWorld.make();
  });
  after(() => world.close());

  const step = (action: string) => {
    const tag = parseBuildTag(TAG);
    const settings = settingsWith({
      miners: 3,
      bootnodes: 2,
      genesisDelay: 0,
      layerDuration: 5,
      layersPerEpoch: 4,
      poetPhaseShift: 10,
      poetCycleGap: 5,
      networkTimeout: 40,
      gcpProject: "testing",
    });
    const spec = networkSpec(tag, settings, versionsOf(tag, settings.versions));
    const program = join(__dirname, "../../../scripts/smeshnet.cjs");
    return world.run(process.execPath, [program, "step", "network", action, TAG], {
      NETWORK_SPEC: JSON.stringify(spec),
      ARCHIVE: `file://${world.home}/archive`,
    });
  };

  const api = () => {
    const cluster = describeCluster(world.home, "v1-2-3-1");
    if (!cluster) throw new Error("there is no cluster");
    return world.api(cluster);
  };

  const marker = async () => (await api().get<V1ConfigMap>(MARKER)).data?.tag;

  it("creates a network in a cluster that it marks", async () => {
    const { exitCode, stdout, stderr } = await step("up");
    strictEqual(exitCode, 0, stderr);
    const { facts, kubeconfig } = JSON.parse(stdout) as { facts: NetworkFacts; kubeconfig: string };
    deepStrictEqual([facts.tag, facts.nodes.length, facts.poets.length, facts.layerDuration], [TAG, 3, 1, 5]);
    match(facts.nodeImage?.name ?? "", /^docker\.io\/.*go-spacemesh/);
    match(facts.nodeImage?.sha256 ?? "", /^[0-9a-f]{64}$/);
    match(kubeconfig, /gke-gcloud-auth-plugin/);
    strictEqual(await marker(), TAG);
  });

  it("leaves a cluster with another tag's marker alone, and adopts its own without a marker", async () => {
    const mark = (tag: string) =>
      api().create("/api/v1/namespaces/default/configmaps", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "smeshnet" },
        data: { tag },
      } as V1ConfigMap);
    await api().delete(MARKER);
    await mark("v9.9.9+9");
    const { exitCode, stderr } = await step("up");
    strictEqual(exitCode, 1);
    match(stderr, /^error\[ClusterNotOurs\]: .*belongs to v9\.9\.9\+9/m);
    await api().delete(MARKER);
    const again = await step("up");
    strictEqual(again.exitCode, 0, again.stderr);
    match(again.stderr, /^adopt: v1-2-3-1 is complete and ours$/m);
    strictEqual(await marker(), TAG);
  });

  it("removes it, and then has nothing to do", async () => {
    strictEqual((await step("down")).exitCode, 0);
    strictEqual(describeCluster(world.home, "v1-2-3-1"), undefined);
    match((await step("down")).stderr, /nothing to do/);
  });
});
