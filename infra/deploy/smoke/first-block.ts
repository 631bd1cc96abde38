import type { AnsweredSample } from "../../base/model/sample";
import { lateStart, lateStartInWords } from "../../base/verdict/thresholds";
import type { Expectation } from "./observation";

/**
 * What a network waits for in whose first epoch with eligible nodes no block is made, in words. Today's nodes then got
 * no first beacon, and stand at the last empty layer for one epoch more. That is no stall yet.
 * @returns undefined when the nodes show anything else
 */
export function idleEpoch(
  nodes: readonly AnsweredSample[],
  { effectiveGenesis, layersPerEpoch, needsBeacon }: Expectation,
): string | undefined {
  const isIdle = nodes.length > 0 && nodes.every(({ verifiedLayer }) => verifiedLayer === effectiveGenesis - 1);
  if (!needsBeacon || !isIdle) return undefined;
  const start = lateStart({ layersPerEpoch }, Math.min(...nodes.map(({ topLayer }) => topLayer)));
  return start && `no node has a block yet: ${lateStartInWords(start)}`;
}
