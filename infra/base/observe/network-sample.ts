import type { Run } from "../lib/run";
import type { NodeFacts } from "../model/network-facts";
import type { NetworkSample, NodeStatus, ServiceSample } from "../model/sample";
import { said, sampleNodes } from "./nodes";

/** What a node answers to the simmer. */
export interface WatchedNode {
  readonly genesisId: string;
  readonly status: NodeStatus;
  /** Root of the state after the layer that was asked for, in hexadecimal; empty when the node has none. */
  readonly root?: string;
}

/** What a service tells of its network. */
export interface WatchedService {
  readonly layer?: number;
  readonly genesisId?: string;
}

/** Calls of all vantage points. All throw a {@link UserError} when there is no answer. */
export interface VantagePoints {
  readonly nodes: readonly NodeFacts[];
  /** @param layer whose state root to ask for, if any */
  node(grpc: string, layer: number | undefined): Promise<WatchedNode>;
  /** The gateway by its public name. */
  gateway(): Promise<WatchedService>;
  explorer(): Promise<WatchedService>;
  dashboard(): Promise<WatchedService>;
}

/**
 * One sample of a whole network, all vantage points at once. Who does not answer is no error: the sample says why.
 * @param layer where to compare state roots: one that a quorum had verified before; undefined while there is none
 */
export async function sampleNetwork(
  points: VantagePoints,
  layer: number | undefined,
  run: Pick<Run, "clock">,
): Promise<NetworkSample> {
  const at = new Date(run.clock.now()).toISOString();
  const byNode: Record<string, string> = {};
  const [nodes, gateway, explorer, dashboard] = await Promise.all([
    sampleNodes(points.nodes, run, async (grpc, node) => {
      const { root, ...answer } = await points.node(grpc, layer);
      if (root !== undefined) byNode[node] = root;
      return answer;
    }),
    sampleService(() => points.gateway()),
    sampleService(() => points.explorer()),
    sampleService(() => points.dashboard()),
  ]);
  const roots = layer === undefined ? {} : { roots: { layer, byNode } };
  return { at, nodes, ...roots, gateway, explorer, dashboard };
}

async function sampleService(ask: () => Promise<WatchedService>): Promise<ServiceSample> {
  const answer = await said(ask);
  if ("error" in answer) return { reachable: false, error: answer.error };
  const { layer, genesisId } = answer.said;
  return { reachable: true, ...(layer !== undefined && { layer }), ...(genesisId !== undefined && { genesisId }) };
}
