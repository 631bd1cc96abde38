import { parseBuildTag } from "../../infra/base/model/build-tag";
import { networkSpec } from "../../infra/base/model/network-spec";
import { versionsUnder } from "../../infra/base/model/versions";
import { type KubernetesNetworkSpec, kubernetesSpecOf } from "../../infra/deploy/network/kubernetes/spec";
import { settingsWith } from "./settings";

/** The spec of v1.2.3+1 with the driver `kubernetes`: 4 nodes, 5 s x 8 as run with real nodes, unless changed. */
export function kubernetesSpec(changes: Record<string, unknown> = {}): KubernetesNetworkSpec {
  const tag = parseBuildTag("v1.2.3+1");
  const settings = settingsWith({
    driver: "kubernetes",
    kubeContext: "test",
    miners: 4,
    bootnodes: 1,
    poets: 1,
    genesisDelay: 1,
    layerDuration: 5,
    layersPerEpoch: 8,
    poetPhaseShift: 15,
    poetCycleGap: 15,
    ...changes,
  });
  return kubernetesSpecOf(networkSpec(tag, settings, versionsUnder(tag, settings)));
}
