import type { V1Deployment, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";

/** What the API server lists of a network. */
export interface Listed {
  readonly deployments: readonly V1Deployment[];
  readonly services: readonly V1Service[];
  readonly pods: readonly V1Pod[];
  readonly nodes: readonly V1Node[];
}
