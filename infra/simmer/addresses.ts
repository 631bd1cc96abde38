import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { NodeFacts } from "../base/model/network-facts";
import type { NetworkSample } from "../base/model/sample";
import { isLost, movedTo } from "../base/observe/exposed";

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
    if (!isLost(taken.nodes) || run.clock.now() < askAgain) return taken;
    askAgain = run.clock.now() + ASK_AGAIN * 1000;
    const found = await addresses(today, tag, run);
    const moved = movedTo(tag, { nodes: [...nodes], poets: [] }, { nodes: [...found] }, run);
    if (!moved) return taken;
    nodes = moved.nodes;
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
