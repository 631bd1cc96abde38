import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import type { Run } from "../../../base/lib/run";
import type { Store } from "../../../base/store/contract";
import type { KubernetesNetworkSpec } from "./spec";
import type { World } from "./world";

/** One call of the driver, and what it works with. */
export interface Job {
  readonly spec: KubernetesNetworkSpec;
  readonly run: Run;
  readonly api: ObjectApi;
  readonly kubeconfig: string;
  /** Uid of the cluster. */
  readonly cluster: string;
  readonly store: Store;
  readonly world: World;
}
