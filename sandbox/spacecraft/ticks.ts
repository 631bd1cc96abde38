import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two checks. go-spacecraft checks every 5 s, and every 10 s for a cluster. */
const DEFAULT_TICK = 250;

/** Waits until the next check. SANDBOX_SPACECRAFT_TICK_MS overrides the time. */
export const nextTick = (): Promise<void> => delay(Number(process.env.SANDBOX_SPACECRAFT_TICK_MS || DEFAULT_TICK));
