import { askNode } from "../clients/node/client";
import { poetInfo } from "../clients/poet";
import { UserError } from "../lib/errors";
import type { NetworkFacts, NodeFacts } from "../model/network-facts";
import type { NodeAnswer, PoetInfo, Said } from "../model/sample";

/** What one node said last, or that it said nothing. */
export interface NodeSample {
  /** `miner-1`. */
  readonly node: string;
  /** When it was asked, RFC 3339. */
  readonly at: string;
  readonly reachable: boolean;
  readonly synced?: boolean;
  /** Layer of the node's clock. */
  readonly topLayer?: number;
  readonly syncedLayer?: number;
  readonly verifiedLayer?: number;
}

/** Longest wait for a node, in milliseconds. */
const PATIENCE = 5000;

/** One sample of every managed node, all at once. A node that does not answer is not reachable, which is no error. */
export async function lastSamples({ nodes }: Pick<NetworkFacts, "nodes">): Promise<NodeSample[]> {
  // Loaded here, since gRPC takes longer to load than most of what this verb is asked for.
  const { askNode } = await import("../clients/node/client.js");
  const sample = async ({ name, grpc }: NodeFacts): Promise<NodeSample> => {
    const asked = { node: name, at: new Date().toISOString() };
    try {
      const status = await askNode({ address: grpc, timeout: PATIENCE }, (node) => node.status());
      const { isSynced: synced, topLayer, syncedLayer, verifiedLayer } = status;
      return { ...asked, reachable: true, synced, topLayer, syncedLayer, verifiedLayer };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...asked, reachable: false };
    }
  };
  return Promise.all(nodes.map(sample));
}

/** How nodes and poets are asked, by their addresses. All throw a {@link UserError} when there is no answer. */
export interface NodeCalls {
  node(grpc: string): Promise<NodeAnswer>;
  /** Root of the state after a layer, in hexadecimal; empty when the node has not applied it. */
  stateRoot(grpc: string, layer: number): Promise<string>;
  poet(rest: string): Promise<PoetInfo>;
}

export const BY_CLIENTS: NodeCalls = {
  node: (address) =>
    askNode({ address }, async (node) => {
      const [version, genesisId, status] = await Promise.all([node.version(), node.genesisId(), node.status()]);
      return { version, genesisId, status };
    }),
  stateRoot: (address, layer) => askNode({ address }, (node) => node.stateRoot(layer)),
  poet: (address) => poetInfo(address),
};

/** What somebody says, or why they do not. */
export async function said<T>(ask: () => Promise<T>): Promise<Said<T>> {
  try {
    return { said: await ask() };
  } catch (error) {
    if (error instanceof UserError) return { error: error.message };
    throw error;
  }
}
