import type { Run } from "../base/lib/run";
import type { Terms } from "./entry";
import type { SimmerLog } from "./log";
import { visitDue } from "./progress";
import { visited } from "./replay";

/** What a visitor of explorer and dashboard saw. */
export interface Seen {
  readonly what: string;
  readonly ok: boolean;
  /** In words. */
  readonly saw: string;
}

/**
 * Visits explorer and dashboard as everybody does, if nobody has today, and writes down what was seen. A visit on which
 * one of them did not answer is tried again with the next sample.
 */
export async function visitIfDue(
  log: SimmerLog,
  terms: Terms,
  look: () => Promise<readonly Seen[]>,
  run: Run,
): Promise<void> {
  if (visitDue(log.state, terms) === undefined) return;
  const seen = await look();
  if (seen.some(({ ok }) => !ok)) return;
  const at = new Date(run.clock.now()).toISOString();
  await log.add((state) => {
    const day = visitDue(state, terms);
    return day === undefined
      ? undefined
      : { body: { kind: "visit", at, day, seen }, state: { ...state, visits: visited(state.visits, day) } };
  });
}
