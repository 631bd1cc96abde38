import { setTimeout as delay } from "node:timers/promises";

/** Time, for whatever waits: the machine's own, unless a test plays hours in a moment. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws AbortError when the signal is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (seconds, signal) => delay(seconds * 1000, undefined, { signal }),
};
