import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Named } from "../../kubernetes/names";
import { goDuration } from "./go-duration";
import type { NodeConfig } from "./node-config";
import type { NodeLog } from "./node-log";
import { get } from "./pod-http";
import { Refusal } from "./refusal";

/** Attempts per poet, and the milliseconds between them. The node's own take about 10 s (poet.retry-max, retry-delay). */
const ATTEMPTS = 4;
const RETRY_DELAY = 500;
const TIMEOUT = 2_000;

const Info = z.looseObject({ phaseShift: z.string().optional() });

/**
 * Asks every poet for its phase shift, as the node does before it listens. A poet that does not answer costs a warning.
 * @throws {Refusal} when a poet's phase shift is another than the node's, and when the signal aborts
 */
export async function askPoets(
  { poets, phaseShift }: NodeConfig,
  pod: Named,
  log: NodeLog,
  signal: AbortSignal,
): Promise<void> {
  for (const poet of poets) {
    const told = await askPoet(poet, pod, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      log.warn("poet", "failed to fetch poet phase shift", { poet, error: `getting poet info: ${reason}` });
      return undefined;
    });
    if (told === undefined || phaseShift === undefined || told === phaseShift) continue;
    log.fatal("poet", "failed to create poet service", { poet });
    throw new Refusal("", false);
  }
}

/** The phase shift of a poet, in milliseconds. */
async function askPoet(poet: string, pod: Named, signal: AbortSignal): Promise<number | undefined> {
  const url = `${poet.includes("://") ? poet : `http://${poet}`}/v1/info`;
  for (let attempt = 1; ; attempt++) {
    try {
      const { status, body } = await get(url, pod, signal, TIMEOUT);
      if (status !== 200) throw new Error(`response status code: ${status}`);
      return goDuration(Info.parse(JSON.parse(body)).phaseShift);
    } catch (error) {
      if (attempt === ATTEMPTS || signal.aborted) throw error;
      await pause(RETRY_DELAY, undefined, { signal });
    }
  }
}
