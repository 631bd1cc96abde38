import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { Terms } from "./entry";
import type { SimmerLog } from "./log";
import { today, visitDue } from "./progress";

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
    return day === undefined ? undefined : { body: { kind: "visit", at, day, seen } };
  });
}

/**
 * Adds a person's visit.
 * @param note the person's remark, if any
 * @throws {UserError} when explorer or dashboard do not answer, or before the effective genesis
 */
export async function visit(
  log: SimmerLog,
  terms: Terms,
  look: () => Promise<readonly Seen[]>,
  note: string | undefined,
  run: Run,
): Promise<readonly Seen[]> {
  const seen = await look();
  const missing = seen.filter(({ ok }) => !ok).map(({ what, saw }) => `${what} (${saw.replace(/\.$/, "")})`);
  if (missing.length > 0) {
    throw new UserError(
      "VisitFailed",
      `The visit of ${log.tag} does not count: ${missing.join(", ")}.`,
      `Check the network with \`smeshnet status ${log.tag}\`.`,
    );
  }
  const at = new Date(run.clock.now()).toISOString();
  const added = await log.add((state) => {
    const day = today(state, terms);
    if (day === undefined) return undefined;
    return { body: { kind: "visit", at, day, seen, ...(note !== undefined && { note }) } };
  });
  if (added) return seen;
  throw new UserError(
    "VisitTooEarly",
    `${log.tag} has not reached its effective genesis, and its simmer has not begun.`,
    "Visit it later.",
  );
}
