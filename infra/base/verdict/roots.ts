import type { AnsweredSample, NetworkSample } from "../model/sample";
import type { Apart, Memory } from "./memory";

/** Nodes by their state root at one layer; the largest group first. */
export interface RootGroups {
  readonly layer: number;
  readonly groups: readonly { readonly root: string; readonly nodes: readonly string[] }[];
}

/**
 * Compares state roots. Nodes are split once so many differ from the largest group that this group has no quorum, even
 * if all that did not answer belonged to it. They stay apart until a quorum has one root at that layer or above.
 * @param roots what the sample has; it counts only at a layer that a quorum verified
 * @param first the first layer whose state proves something
 */
export function compareRoots(
  roots: NetworkSample["roots"],
  plausible: readonly AnsweredSample[],
  { quorum, nodes }: { readonly quorum: number; readonly nodes: number },
  first: number,
  { apart }: Pick<Memory, "apart">,
): { readonly roots?: RootGroups; readonly apart?: Apart } {
  const unchanged = apart ? { apart } : {};
  if (!roots || roots.layer < first) return unchanged;
  const { layer, byNode } = roots;
  const groups = new Map<string, string[]>();
  let [verified, compared] = [0, 0];
  for (const { node, verifiedLayer } of plausible) {
    if (verifiedLayer >= layer) verified++;
    const root = byNode[node];
    if (!root) continue;
    compared++;
    const group = groups.get(root);
    if (group) group.push(node);
    else groups.set(root, [node]);
  }
  if (verified < quorum || compared < quorum) return unchanged;
  const sorted = [...groups].map(([root, members]) => ({ root, nodes: members }));
  sorted.sort((a, b) => b.nodes.length - a.nodes.length);
  const largest = sorted[0]?.nodes.length ?? 0;
  const told = sorted.length > 1 ? { roots: { layer, groups: sorted } } : {};
  if (largest >= quorum) return apart && layer < apart.layer ? { ...told, apart } : told;
  const isSplit = apart?.isSplit || compared - largest > nodes - quorum;
  return { ...told, apart: { layer: apart?.layer ?? layer, isSplit } };
}
