import type { LockFile, Verdict } from "../../base/engine/recovery/lock";
import { type Exported, pendingOf, rootOutputs, type StateResource } from "../../base/engine/state";
import { type BuildTag, fromStackName, hostLabel } from "../../base/model/build-tag";
import { isComplete } from "../../base/model/outputs";
import { STEPS } from "../../base/model/steps";
import { stageOf } from "../../promote/stage";

/** A stack as it was seen. */
export interface SeenStack {
  readonly name: string;
  /** Undefined when it was removed in the meantime. */
  readonly state?: Exported;
  readonly locks: readonly LockFile[];
  /** A backend without files tells only that there is an update. */
  readonly isUpdating: boolean;
  /** Commands on this machine that are about to update it, such as `smeshnet deploy v1.2.3+1`. */
  readonly workers: readonly string[];
}

/** Where a stack is seen from. */
export interface Here {
  /** Judges whoever holds a lock of a stack. */
  readonly judge: (stack: string, lock: LockFile) => Verdict;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Longest time that an update may take, in seconds. */
  readonly longestUpdate: number;
}

/** Who is at a stack. `why` is a phrase. */
export type Hand =
  /** An engine is updating it, or may be. */
  | { readonly kind: "updating"; readonly why: string }
  /** Whoever locked it is dead. */
  | { readonly kind: "dead"; readonly why: string }
  /** Whoever locked it is on another machine, and should have ended long ago. */
  | { readonly kind: "lost"; readonly why: string }
  | { readonly kind: "none" };

/** Decides who is at a stack. An engine elsewhere that may still run counts as running. */
export function handOn({ name, locks, isUpdating, workers }: SeenStack, { judge, now, longestUpdate }: Here): Hand {
  const [worker] = workers;
  if (worker !== undefined) return { kind: "updating", why: `\`${worker}\` is running` };
  if (locks.length === 0) return isUpdating ? { kind: "updating", why: "the backend says so" } : { kind: "none" };
  const verdicts = locks.map((lock) => judge(name, lock));
  const [first] = (["unknown", "living", "dead"] as const).flatMap((is) => verdicts.filter((one) => one.is === is));
  if (!first) return { kind: "none" };
  if (first.is === "dead") return { kind: "dead", why: first.why };
  const isYoung = locks.some(({ lock }) => !lock || now - Date.parse(lock.since) < longestUpdate * 1000);
  return { kind: first.is === "living" || isYoung ? "updating" : "lost", why: first.why };
}

export const resourcesOf = ({ state }: SeenStack): readonly StateResource[] => state?.deployment.resources ?? [];

/** Whether a stack owns anything, or is about to. */
export const isLiving = (stack: SeenStack, here: Here): boolean =>
  resourcesOf(stack).length > 0 ||
  (stack.state !== undefined && pendingOf(stack.state).length > 0) ||
  handOn(stack, here).kind === "updating";

/** Whether a step of a version stack is in its state. */
export const hasStep = (stack: SeenStack, step: string): boolean =>
  resourcesOf(stack).some(({ urn }) => urn.endsWith(`$command:local:Command::${step}`));

/**
 * Whether a network's retirement began. A complete network loses its guard first. A deployment that never was complete
 * deletes nothing.
 */
export function isLeaving({ state }: SeenStack): boolean {
  if (!state || !isComplete(rootOutputs(state))) return state !== undefined && hasDeletions(state);
  return stageOf(state) === "being retired";
}

const hasDeletions = (state: Exported): boolean => pendingOf(state).some(({ type }) => type === "deleting");

/** The cluster that a network's stack owns, or may own: it is created right after the step that opens the history. */
export function clusterOf(stack: SeenStack): string | undefined {
  const tag: BuildTag | undefined = fromStackName(stack.name);
  return tag && hasStep(stack, STEPS.history) ? hostLabel(tag) : undefined;
}
