import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks at what is not ready. go-spacecraft looks every 5 s, and every 10 s at a cluster. */
const DEFAULT_TICK = 250;

/** Waits for the next look; SANDBOX_SPACECRAFT_TICK_MS says how long that is. */
export const nextTick = (): Promise<void> => delay(Number(process.env.SANDBOX_SPACECRAFT_TICK_MS || DEFAULT_TICK));
