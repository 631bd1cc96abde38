import { UserError } from "../base/lib/errors";
import {
  generationOf,
  isHalfDone,
  type Known,
  latestOf,
  overtaken,
  type Promotion,
  sameTarget,
  type Target,
} from "../base/model/promotion";

/** What is to be done for a promotion. */
export type Decision =
  /** Write down a new generation and move. */
  | { readonly action: "begin"; readonly promotion: Promotion }
  /** It is written down, and the channel has not been seen to be there: move on. */
  | { readonly action: "resume"; readonly promotion: Promotion }
  /** The channel is there already. */
  | { readonly action: "none"; readonly promotion: Promotion };

/**
 * Compares and swaps: what a channel goes on with when it is wanted at a target. Pure.
 * @param against the generation that the promotion was planned against, if somebody has planned it before
 * @throws {UserError} when another promotion has landed since
 */
export function decide(known: Known, target: Target, against?: number): Decision {
  const latest = latestOf(known);
  // Planned against the last, or against the one before it: then the plan is what has landed.
  if (latest && sameTarget(latest, target) && [0, 1].includes(latest.generation - (against ?? latest.generation))) {
    return { action: isHalfDone(known) ? "resume" : "none", promotion: latest };
  }
  if (against !== undefined && against !== generationOf(latest)) throw overtaken(target, against, latest);
  return { action: "begin", promotion: { schema: 1, ...target, generation: generationOf(latest) + 1 } };
}

/**
 * Where a demotion leads: back to the network before the present one, or, when a promotion was not completed, to where
 * the channel has been. A demotion that was written down is the one to go on with. Pure.
 * @throws {UserError} when there is no such network
 */
export function demotionTarget(known: Known, channel: string, reason: string): Target {
  const { state } = known;
  const latest = latestOf(known);
  const back = latest?.kind === "demotion" ? latest : isHalfDone(known) ? state.promotion : state.previous;
  if (!back) throw new UserError(`${channel} has no previous network to go back to`);
  const { generation: _, schema: __, ...target } = back;
  return { ...target, kind: "demotion", reason };
}
