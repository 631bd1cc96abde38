import { UserError } from "../base/lib/errors";
import {
  generationOf,
  isHalfDone,
  type Known,
  latestOf,
  newestOf,
  overtaken,
  type Promotion,
  sameTarget,
  type Target,
} from "../base/model/promotion";
import { requireForward } from "./forward";

/** What a promotion has to do. */
export type Decision =
  /** Record a new generation and move. */
  | { readonly action: "begin"; readonly promotion: Promotion }
  /** The promotion is recorded, and its move is not known to be complete: continue. */
  | { readonly action: "resume"; readonly promotion: Promotion }
  /** The channel is there already. */
  | { readonly action: "none"; readonly promotion: Promotion };

/**
 * Decides how a channel gets to a target, by compare and swap.
 * @param against the generation that the promotion was planned against, if it was planned before
 * @throws {UserError} when another promotion has landed since, or a promotion does not lead forward
 */
export function decide(known: Known, target: Target, against?: number): Decision {
  const [latest, newest] = [latestOf(known), newestOf(known)];
  const taken = generationOf(newest);
  // A plan against the newest generation, or against the one before: then the newest is this very plan.
  const isThisPlan =
    against === undefined || against === taken || (latest !== undefined && latest === newest && against === taken - 1);
  if (latest && sameTarget(latest, target) && isThisPlan)
    return { action: isHalfDone(known) ? "resume" : "none", promotion: latest };
  if (against !== undefined && against !== taken) throw overtaken(target, against, newest);
  if (target.kind === "promotion") requireForward(known, target, against);
  return { action: "begin", promotion: { schema: 1, ...target, generation: taken + 1 } };
}

/**
 * The target of a demotion: the network before the present one. If the last promotion was not completed, it is the
 * network of the last one that was. A demotion that is already recorded is continued.
 * @throws {UserError} when there is no such network
 */
export function demotionTarget(known: Known, channel: string, reason: string): Target {
  const { state } = known;
  const latest = latestOf(known);
  const back = latest?.kind === "demotion" ? latest : isHalfDone(known) ? state.promotion : state.previous;
  if (!back) {
    throw new UserError(
      "PreviousNetworkMissing",
      `${channel} has no previous network to go back to.`,
      "Promote a release with `smeshnet promote v1.2.3`.",
    );
  }
  const { generation: _, schema: __, ...target } = back;
  return { ...target, kind: "demotion", reason };
}
