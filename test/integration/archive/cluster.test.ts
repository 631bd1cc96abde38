import { deepStrictEqual, match } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { decompress } from "fzstd";
import { archiveNetwork } from "../../../infra/archive/run";
import { runWith } from "../../../infra/base/lib/run";
import { openStore } from "../../../infra/base/store/open";
import { loopbackOf } from "../../../sandbox/kubernetes/address-plan";
import type { KubernetesApi } from "../../../sandbox/kubernetes/api";
import type { Cluster } from "../../../sandbox/kubernetes/cluster";
import { ClusterWorld, eventually } from "../../support/cluster-world";
import { KEYED } from "../../support/record-key";

const PODS = "/api/v1/namespaces/default/pods";

describe("archiveNetwork on a real API server, after a failed deployment", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
  let world: ClusterWorld;
  let cluster: Cluster;
  let api: KubernetesApi;

  before(async () => {
    world = await ClusterWorld.make();
    cluster = await world.create("v1-2-3-1");
    api = world.api(cluster);
  });
  after(async () => {
    api.close();
    await world.close();
    rmSync(folder, { recursive: true });
  });

  /** Creates a pod and waits for a state of it. */
  const pod = async (name: string, image: string, isSo: (pod: V1Pod) => unknown): Promise<V1Pod> => {
    const spec = { containers: [{ name: "main", image }] };
    await api.create(PODS, { apiVersion: "v1", kind: "Pod", metadata: { name }, spec } as V1Pod);
    return when(name, isSo);
  };
  const when = (name: string, isSo: (pod: V1Pod) => unknown): Promise<V1Pod> =>
    eventually(async () => {
      const found = await api.get<V1Pod>(`${PODS}/${name}`);
      return isSo(found) ? found : undefined;
    });
  const stateOf = ({ status }: V1Pod) => status?.containerStatuses?.[0];

  it("keeps the logs of a crashed container from before and after, and no log of one that did not start", async () => {
    await pod("stuck", "nginx:1", (one) => stateOf(one)?.state?.waiting?.reason === "ErrImagePull");
    const { status } = await pod("crashing", "test/echo:1", (one) => stateOf(one)?.ready);
    await fetch(`http://${loopbackOf(status?.podIP ?? "")}:8080/exit?code=3`);
    await when("crashing", (one) => stateOf(one)?.restartCount === 1 && stateOf(one)?.ready);

    const store = openStore(`file://${folder}`, KEYED);
    const kubeconfig = readFileSync(join(cluster.folder, "kubeconfig"), "utf8");
    const record = { tag: "v1.2.3+1", documents: {} };
    const { objects } = await archiveNetwork({ store, record, kubeconfig }, runWith());
    deepStrictEqual(
      objects.map(({ key }) => key),
      ["logs/crashing.log.zst", "events.json", "pods.json"],
    );
    const parts = objects[0]?.parts ?? [];
    deepStrictEqual(
      parts.map(({ container, previous }) => [container, previous]),
      [
        ["main", true],
        ["main", false],
      ],
    );
    const log = Buffer.from(decompress(readFileSync(join(folder, "archives/v1.2.3+1/1/logs/crashing.log.zst"))));
    match(String(log.subarray(0, parts[0]?.bytes)), /GET \/exit/);
  });
});
