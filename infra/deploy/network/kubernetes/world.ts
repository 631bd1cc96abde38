import { type ObjectApi, objectApi } from "../../../base/clients/kubernetes/objects";
import { openKubeconfig } from "../../../base/clients/kubernetes/open-kubeconfig";
import type { ServiceProxy } from "../../../base/clients/kubernetes/service-proxy";
import type { NodeFacts } from "../../../base/model/network-facts";
import type { KubernetesNetworkSpec } from "./spec";

/** What a node tells of itself. */
export interface Told {
  /** Hexadecimal. */
  readonly genesisId: string;
  readonly peers: number;
}

/** Everything that the driver touches: a cluster's API and the nodes' own. It decides nothing. */
export interface World {
  /** Opens the cluster of a context, without a request. @throws {UserError} when there is no such context */
  open(
    spec: Pick<KubernetesNetworkSpec, "namespace"> & { readonly kubernetes: { readonly context: string } },
    signal: AbortSignal,
  ): Promise<{ readonly api: ObjectApi; readonly kubeconfig: string }>;
  /** Asks a node. @throws {UserError} when it does not answer */
  ask(node: NodeFacts, proxy: ServiceProxy): Promise<Told>;
}

/** The clusters of the caller's own kubeconfig. The kubeconfig that is handed on holds no secret. */
export const realWorld: World = {
  async open({ namespace, kubernetes }, signal) {
    const kubeconfig = await openKubeconfig(kubernetes.context, namespace);
    return { api: objectApi(kubeconfig, signal), kubeconfig };
  },
  async ask({ grpc }, proxy) {
    // Loaded when a node is asked: most steps with a driver ask none, and gRPC is the larger part of their start.
    const { askNode } = await import("../../../base/clients/node/client.js");
    return askNode({ address: grpc, proxy }, async (node) => {
      const [genesisId, { connectedPeers }] = await Promise.all([node.genesisId(), node.status()]);
      return { genesisId, peers: connectedPeers };
    });
  },
};
