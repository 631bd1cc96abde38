import { type Kubeconfig, type ServiceProxy, serviceProxy } from "../clients/kubernetes/service-proxy";
import { askNode } from "../clients/node/client";
import { poetInfo } from "../clients/poet";
import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";
import { serviceAt } from "../model/inside";
import type { NetworkFacts, NodeFacts } from "../model/network-facts";
import type { NodeAnswer, NodeSample, NodeStatus, PoetInfo, Said } from "../model/sample";

/** Calls of nodes and poets by their addresses. All throw a {@link UserError} when there is no answer. */
export interface NodeCalls {
  node(grpc: string): Promise<NodeAnswer>;
  /** Root of the state after a layer, in hexadecimal; empty when the node did not apply the layer. */
  stateRoot(grpc: string, layer: number): Promise<string>;
  poet(rest: string): Promise<PoetInfo>;
}

/**
 * The real calls. gRPC takes longer to load than most of what a step does, so only who asks a node loads it.
 * @param proxy the way into the cluster of a network that has no addresses outside
 */
export const byClients = (proxy?: ServiceProxy): NodeCalls => ({
  node: (address) =>
    askNode({ address, proxy }, async (node) => {
      const [version, build, genesisId, status] = await Promise.all([
        node.version(),
        node.build(),
        node.genesisId(),
        node.status(),
      ]);
      return { version, ...(build === undefined ? {} : { build }), genesisId, status };
    }),
  stateRoot: (address, layer) => askNode({ address, proxy }, (node) => node.stateRoot(layer)),
  poet: (address) => poetInfo(address, proxy),
});

/**
 * The way into a network whose nodes have no address outside its cluster; undefined for a network that needs none.
 * @param kubeconfig is asked only for such a network
 */
export const proxyInto = (
  { nodes }: Pick<NetworkFacts, "nodes">,
  kubeconfig: Kubeconfig,
  signal: AbortSignal,
): ServiceProxy | undefined =>
  nodes.some(({ grpc }) => serviceAt(grpc)) ? serviceProxy(kubeconfig, signal) : undefined;

/** Longest wait of the last sample for a node, in milliseconds. */
const PATIENCE = 5000;

/** The last sample of every node, all at once, with its status alone. */
export const lastSamples = (
  { nodes }: Pick<NetworkFacts, "nodes">,
  run: Pick<Run, "clock">,
  proxy?: ServiceProxy,
): Promise<NodeSample[]> =>
  sampleNodes(nodes, run, async (address) => ({
    status: await askNode({ address, timeout: PATIENCE, proxy }, (node) => node.status()),
  }));

/** The part of a node's answer that a sample needs. */
type Answered = { readonly status: NodeStatus } & Partial<NodeAnswer>;

/** One sample of every node, all at once. A node that does not answer is not an error: its sample says why. */
export function sampleNodes(
  nodes: readonly NodeFacts[],
  { clock }: Pick<Run, "clock">,
  ask: (grpc: string, node: string) => Promise<Answered>,
): Promise<NodeSample[]> {
  const at = new Date(clock.now()).toISOString();
  return Promise.all(
    nodes.map(async ({ name, grpc }): Promise<NodeSample> => {
      const sampled = { node: name, at };
      const answer = await said(() => ask(grpc, name));
      if ("error" in answer) return { ...sampled, reachable: false, error: answer.error };
      const { status, version, build, genesisId } = answer.said;
      const { connectedPeers, isSynced: synced, topLayer, syncedLayer, verifiedLayer } = status;
      const identity = genesisId === undefined ? {} : { genesisId, connectedPeers };
      const program = { ...(version !== undefined && { version }), ...(build !== undefined && { build }) };
      return { ...sampled, reachable: true, ...program, ...identity, synced, topLayer, syncedLayer, verifiedLayer };
    }),
  );
}

/** An answer, or why there is none. */
export async function said<T>(ask: () => Promise<T>): Promise<Said<T>> {
  try {
    return { said: await ask() };
  } catch (error) {
    if (error instanceof UserError) return { error: error.what.replace(/\.$/, "") };
    throw error;
  }
}
