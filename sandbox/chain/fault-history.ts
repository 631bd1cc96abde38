import { isDeepStrictEqual } from "node:util";
import type { Faults } from "../kubernetes/faults";

/** Faults that apply until the next period begins. */
export interface FaultPeriod {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly faults: Faults;
}

/** Fault periods, oldest first. Before the first period there are no faults. */
export type FaultHistory = readonly FaultPeriod[];

/** Layers that the network verifies in the time of one after a fault is lifted, until it reaches the clock again. */
const CATCH_UP = 20;

/** Adds the current faults to the history. Returns the same history when they did not change. */
export function recordFaults(history: FaultHistory, faults: Faults, now: number): FaultHistory {
  return isDeepStrictEqual(history.at(-1)?.faults ?? {}, faults) ? history : [...history, { since: now, faults }];
}

/** The faults at a time. */
export const faultsAt = (history: FaultHistory, now: number): Faults =>
  history.findLast(({ since }) => since <= now)?.faults ?? {};

/**
 * Progress of verification, as a time. It equals `now` in a healthy network, stops in a stall, and advances at a
 * fraction
 * of the speed when slow.
 */
export function verificationTime(history: FaultHistory, now: number): number {
  const past = history.filter(({ since }) => since <= now);
  const start = past[0]?.since ?? now;
  return past.reduce((reached, { since, faults }, i) => {
    const until = past[i + 1]?.since ?? now;
    return Math.min(until, reached + (until - since) * speed(faults));
  }, start);
}

/** Start of the unbroken period of a kind of fault; undefined when the fault does not apply at the time. */
export function heldSince(history: FaultHistory, holds: (faults: Faults) => boolean, now: number): number | undefined {
  const past = history.filter(({ since }) => since <= now);
  const lastWithout = past.findLastIndex(({ faults }) => !holds(faults));
  return past[lastWithout + 1]?.since;
}

/** End of the last period of a kind of fault; undefined when the fault never applied, or still does. */
export function liftedAt(history: FaultHistory, holds: (faults: Faults) => boolean, now: number): number | undefined {
  const past = history.filter(({ since }) => since <= now);
  const last = past.findLastIndex(({ faults }) => holds(faults));
  return last === -1 ? undefined : past[last + 1]?.since;
}

function speed({ stall, slow }: Faults): number {
  if (stall) return 0;
  return slow ? 1 / slow : CATCH_UP;
}
