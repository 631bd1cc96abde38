import { setTimeout as delay } from "node:timers/promises";

/** The time, for everything that waits. Tests replace it, so that hours pass in a moment. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws AbortError when the signal is aborted */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (seconds, signal) => delay(seconds * 1000, undefined, { signal }),
};

/** Least difference between two clocks that is worth a word, in milliseconds. An answer may be that old. */
const WORTH_A_WORD = 60_000;

/**
 * What is wrong with this machine's clock by an HTTP answer, as a phrase; undefined when nothing is, or nobody knows.
 * @param date the answer's header `Date` (RFC 9110, section 6.6.1), which has whole seconds
 * @param now time of this machine, in milliseconds since 1970
 */
export function clockDifference(date: string | undefined, now: number): string | undefined {
  const difference = now - Date.parse(date ?? "");
  if (!(Math.abs(difference) >= WORTH_A_WORD)) return undefined;
  const minutes = Math.round(Math.abs(difference) / 60_000);
  return `the clock of this machine is ${minutes} min ${difference > 0 ? "fast" : "slow"}`;
}
