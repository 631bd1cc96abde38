import { isDeepStrictEqual } from "node:util";
import type { Faults } from "../kubernetes/faults";

/** Faults that hold from a moment until the next period begins. */
export interface FaultPeriod {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly faults: Faults;
}

/** Which faults held when, oldest first; none before the first period. */
export type FaultHistory = readonly FaultPeriod[];

/** Once a fault is lifted, the network verifies this many layers in the time of one, until it is at the clock again. */
const CATCH_UP = 20;

/** The history with what holds from now on; the same history when nothing changed. */
export function recordFaults(history: FaultHistory, faults: Faults, now: number): FaultHistory {
  return isDeepStrictEqual(history.at(-1)?.faults ?? {}, faults) ? history : [...history, { since: now, faults }];
}

/** The faults that hold at a time. */
export const faultsAt = (history: FaultHistory, now: number): Faults =>
  history.findLast(({ since }) => since <= now)?.faults ?? {};

/**
 * How far verification has come, as a time: equal to `now` in a healthy network, standing still in a stall, advancing
 * at a fraction of the speed when slow. Pure.
 */
export function verificationTime(history: FaultHistory, now: number): number {
  const past = history.filter(({ since }) => since <= now);
  const start = past[0]?.since ?? now;
  return past.reduce((reached, { since, faults }, i) => {
    const until = past[i + 1]?.since ?? now;
    return Math.min(until, reached + (until - since) * speed(faults));
  }, start);
}

/** Since when the newest faults of a kind hold without a break; undefined when they do not hold at that time. */
export function heldSince(history: FaultHistory, holds: (faults: Faults) => boolean, now: number): number | undefined {
  const past = history.filter(({ since }) => since <= now);
  const lastWithout = past.findLastIndex(({ faults }) => !holds(faults));
  return past[lastWithout + 1]?.since;
}

/** When the newest faults of a kind were lifted; undefined when they never held, or hold at that time. */
export function liftedAt(history: FaultHistory, holds: (faults: Faults) => boolean, now: number): number | undefined {
  const past = history.filter(({ since }) => since <= now);
  const last = past.findLastIndex(({ faults }) => holds(faults));
  return last === -1 ? undefined : past[last + 1]?.since;
}

function speed({ stall, slow }: Faults): number {
  if (stall) return 0;
  return slow ? 1 / slow : CATCH_UP;
}
