import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { NodeFacts } from "../base/model/network-facts";
import type { NetworkSample } from "../base/model/sample";
import { quorumOf } from "../base/verdict/thresholds";

export interface Followed {
  /** The nodes as the deployment found them. */
  readonly nodes: readonly NodeFacts[];
  /** Samples the network at some addresses. */
  readonly sample: (nodes: readonly NodeFacts[], layer: number | undefined) => Promise<NetworkSample>;
  /** Asks the cluster for the addresses of today; empty when it cannot tell. @throws {UserError} */
  readonly today: () => Promise<readonly NodeFacts[]>;
  /** Build tag, for progress. */
  readonly tag: string;
}

/** Time between two questions to the cluster, in seconds. */
const ASK_AGAIN = 600;

/**
 * Samples a network where its nodes are today. A cloud upgrades and repairs machines by itself, so that within a week
 * every address may be another one. When fewer than half of the nodes answer, the cluster is asked.
 */
export function followNodes({ nodes: first, sample, today, tag }: Followed, run: Run) {
  let nodes = first;
  let askAgain = 0;
  return async (layer: number | undefined): Promise<NetworkSample> => {
    const taken = await sample(nodes, layer);
    const answering = taken.nodes.filter(({ reachable }) => reachable).length;
    if (answering >= quorumOf({ nodes }) || run.clock.now() < askAgain) return taken;
    askAgain = run.clock.now() + ASK_AGAIN * 1000;
    const found = await addresses(today, tag, run);
    const moved = nodes.map((node) => found.find(({ name }) => name === node.name) ?? node);
    const count = moved.filter(({ grpc }, i) => grpc !== nodes[i]?.grpc).length;
    if (count === 0) return taken;
    run.say(`${tag}: ${count} of ${nodes.length} nodes have other addresses than before`);
    nodes = moved;
    return sample(nodes, layer);
  };
}

async function addresses(today: Followed["today"], tag: string, run: Run): Promise<readonly NodeFacts[]> {
  try {
    return await today();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`${tag}: the addresses of its nodes cannot be looked up: ${error.what}`);
    return [];
  }
}
