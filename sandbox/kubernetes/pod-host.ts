import type { KubernetesApi } from "./api";
import type { LogIndex } from "./container-log";
import type { Program } from "./program";

/** Context that all pods of a cluster share. */
export interface PodHost {
  readonly api: KubernetesApi;
  readonly cluster: string;
  readonly clusterFolder: string;
  /** Internal address of the nodes. */
  readonly hostAddress: string;
  /** Programs by image repository. */
  readonly programOf: (repository: string) => Program | undefined;
  /** Loopback address of a Service by a name that pods of a namespace use. */
  readonly resolve: (name: string, namespace: string) => string | undefined;
  readonly logs: LogIndex;
}
