import type { KubernetesApi } from "./api";
import type { LogIndex } from "./container-log";
import type { Programs } from "./program";

/** Context that all pods of a cluster share. */
export interface PodHost {
  readonly api: KubernetesApi;
  readonly cluster: string;
  readonly clusterFolder: string;
  /** Internal address of the nodes. */
  readonly hostAddress: string;
  readonly programs: Programs;
  readonly logs: LogIndex;
}
