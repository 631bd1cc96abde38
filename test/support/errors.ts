import { doesNotMatch, ok, rejects, strictEqual, throws } from "node:assert";
import { type FailureCode, UserError } from "../../infra/base/lib/errors";

/** What a test demands of an error; the words are pinned by test/golden/messages.txt alone. */
export interface Expected {
  /** 1 unless told. */
  readonly exitCode?: FailureCode;
  /** Parts that the message must hold: names, values and commands, not prose. */
  readonly names?: readonly string[];
}

/** Checks that an error is a user's error of a code: one line, with a fix or the fix of its cause. */
export function isRefusal(error: unknown, code: string, { exitCode = 1, names = [] }: Expected = {}): true {
  ok(error instanceof UserError, String((error as Error)?.stack ?? error));
  strictEqual(error.code, code, error.message);
  strictEqual(error.exitCode, exitCode, error.message);
  doesNotMatch(error.what, /\n/);
  for (const name of names) ok(error.message.includes(name), `${JSON.stringify(name)} is not in: ${error.message}`);
  return true;
}

/** Checks that a function throws such an error. */
export const refuses = (act: () => unknown, code: string, expected?: Expected): void =>
  throws(act, (error) => isRefusal(error, code, expected));

/** Checks that a promise is rejected with such an error. */
export const refusesLater = (
  act: Promise<unknown> | (() => Promise<unknown>),
  code: string,
  expected?: Expected,
): Promise<void> => rejects(act, (error: unknown) => isRefusal(error, code, expected));
