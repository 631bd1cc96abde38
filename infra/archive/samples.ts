import type { NetworkFacts, NodeFacts } from "../network-facts";
import { UserError } from "../user-error";

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
  const { askNode } = require("../clients/node") as typeof import("../clients/node");
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
