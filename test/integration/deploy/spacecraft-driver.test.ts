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

describe("network verb with the tools on the PATH", function () {
  this.timeout(60_000);
  let world: ClusterWorld;
  before(async () => {
    world = await ClusterWorld.make();
  });
  after(() => world.close());

  const verb = (action: string) => {
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
    const script = join(__dirname, "../../../scripts/steps/network.ts");
    return world.run(process.execPath, ["--import", require.resolve("tsx"), script, action, TAG], {
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

  it("makes a network in a cluster that it marks", async () => {
    const { exitCode, stdout, stderr } = await verb("up");
    strictEqual(exitCode, 0, stderr);
    const { facts, kubeconfig } = JSON.parse(stdout) as { facts: NetworkFacts; kubeconfig: string };
    deepStrictEqual([facts.tag, facts.nodes.length, facts.poets.length, facts.layerDuration], [TAG, 3, 1, 5]);
    match(kubeconfig, /gke-gcloud-auth-plugin/);
    strictEqual(await marker(), TAG);
  });

  it("leaves it alone while it bears the mark of another tag, and adopts it without one, since it is the one it made", async () => {
    const mark = (tag: string) =>
      api().create("/api/v1/namespaces/default/configmaps", {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "smeshnet" },
        data: { tag },
      } as V1ConfigMap);
    await api().delete(MARKER);
    await mark("v9.9.9+9");
    const { exitCode, stderr } = await verb("up");
    strictEqual(exitCode, 1);
    match(stderr, /belongs to v9\.9\.9\+9; it was left alone/);
    await api().delete(MARKER);
    const again = await verb("up");
    strictEqual(again.exitCode, 0, again.stderr);
    match(again.stderr, /^adopt: v1-2-3-1 is complete and ours$/m);
    strictEqual(await marker(), TAG);
  });

  it("removes it, and has nothing to do then", async () => {
    strictEqual((await verb("down")).exitCode, 0);
    strictEqual(describeCluster(world.home, "v1-2-3-1"), undefined);
    match((await verb("down")).stderr, /nothing to do/);
  });
});
