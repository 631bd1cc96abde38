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
