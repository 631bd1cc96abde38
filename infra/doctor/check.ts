import { setMaxListeners } from "node:events";
import { UserError } from "../base/lib/errors";
import { limited } from "../base/lib/limited";
import { masked } from "../base/lib/masked";
import type { Run } from "../base/lib/run";
import { onOneLine, withoutEnd } from "../base/lib/text";

/** Something that a first deployment needs, and how it is. */
export interface Finding {
  /** Stable, for scripts: `cluster.rights`. */
  readonly name: string;
  readonly state: "ok" | "warn" | "fail";
  /** What was found, a phrase without a full stop. */
  readonly what: string;
  /** What to do, a sentence without a full stop. */
  readonly fix?: string;
  /** What a look cannot prove, a phrase. */
  readonly unproven?: string;
}

/** What a check found, and the checks that make sense only after it. */
export interface Answer {
  readonly findings: readonly Finding[];
  readonly next?: readonly Check[];
}

/** A question to the world that changes nothing there. */
export interface Check {
  /** Of what it asks, as progress and failures name it. */
  readonly name: string;
  /** A thrown {@link UserError} is a failure, or what the check says that it is. */
  ask(signal: AbortSignal): Promise<Answer>;
  /** How bad it is when the question has no answer; `fail` unless told. */
  readonly without?: "warn";
}

export const ok = (name: string, what: string, unproven?: string): Finding => ({
  name,
  state: "ok",
  what,
  ...(unproven !== undefined && { unproven }),
});
export const warn = (name: string, what: string, fix: string): Finding => ({ name, state: "warn", what, fix });
export const fail = (name: string, what: string, fix: string): Finding => ({ name, state: "fail", what, fix });

/** Findings without further checks. */
export const found = (...findings: readonly Finding[]): Answer => ({ findings });

/** How a doctor asks. */
export interface Patience {
  /** Time limit of each check, in seconds. */
  readonly timeout: number;
  /** Texts that no finding may show. */
  readonly secrets: readonly string[];
}

/** After this time, and again and again, progress tells which questions are open, in seconds. */
const SILENT = 2;

/**
 * Asks all at once, each with its time limit. A check that fails or hangs is a finding like any other.
 * @throws the reason of an interrupt
 */
export async function examined(checks: readonly Check[], patience: Patience, run: Run): Promise<Finding[]> {
  setMaxListeners(0, run.signal); // each open question listens for the interrupt
  const open = new Set<string>();
  const stop = new AbortController();
  const telling = tellOpen(open, stop.signal, run);
  const examine = async (check: Check): Promise<Finding[]> => {
    open.add(check.name);
    const { findings, next = [] } = await answerOf(check, patience.timeout, run);
    open.delete(check.name);
    return [...findings, ...(await Promise.all(next.map(examine))).flat()];
  };
  try {
    const all = await Promise.all(checks.map(examine));
    return all.flat().map((one) => withoutSecrets(one, patience.secrets));
  } finally {
    stop.abort();
    await telling;
  }
}

async function tellOpen(open: ReadonlySet<string>, stop: AbortSignal, { clock, say }: Run): Promise<void> {
  let last = "";
  for (;;) {
    try {
      await clock.sleep(SILENT, stop);
    } catch {
      return; // all have answered
    }
    const names = [...open].join(", ");
    if (names !== last && names !== "") say(`waiting for ${names}`);
    last = names;
  }
}

async function answerOf(check: Check, timeout: number, run: Run): Promise<Answer> {
  try {
    return await limited(run.signal, timeout, (signal) => {
      setMaxListeners(0, signal); // so does each request of a check
      return Promise.race([check.ask(signal), endOf(signal)]);
    });
  } catch (error) {
    run.signal.throwIfAborted();
    return found({ ...failure(check.name, error, timeout), ...(check.without && { state: check.without }) });
  }
}

/** Fails with the reason when a signal is aborted. Some clients do not heed one. */
const endOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });

/** What an error means to the one who asked. @param timeout time limit, in seconds */
function failure(name: string, error: unknown, timeout: number): Finding {
  if (error instanceof UserError) return fail(name, error.what, error.fix);
  const reason = error instanceof Error ? error.message : String(error);
  const hangs = reason === `no answer in ${timeout} s`;
  return fail(name, reason, hangs ? "Check the network, or wait longer with --timeout" : "Correct the cause");
}

function withoutSecrets({ name, state, what, fix, unproven }: Finding, secrets: readonly string[]): Finding {
  const clean = (text: string): string => withoutEnd(masked(onOneLine(text), secrets), ".");
  return {
    name,
    state,
    what: clean(what),
    ...(fix && { fix: clean(fix) }),
    ...(unproven && { unproven: clean(unproven) }),
  };
}
