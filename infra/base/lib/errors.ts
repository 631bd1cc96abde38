import { cut } from "./cut";
import { onOneLine } from "./text";

/** Exit code of a command that failed: 2 for bad input, 1 for any other cause. */
export type FailureCode = 1 | 2;

/**
 * A mistake or a fault that the user can correct. It is shown as one line, without a stack trace.
 * Scripts may depend on the code; the words may change.
 */
export class UserError extends Error {
  /** Further lines below the first, for an error with several parts, such as wrong settings. */
  readonly lines: readonly string[] = [];

  /**
   * @param code names the kind of error in PascalCase, e.g. `TagMissing`
   * @param what says what is wrong: one or more sentences, with the full stop
   * @param fix says what to do: one or more sentences, with the full stop; empty when `what` contains a fix
   * @param exitCode of the command
   */
  constructor(
    readonly code: string,
    readonly what: string,
    readonly fix: string,
    readonly exitCode: FailureCode = 1,
  ) {
    super([what, fix].filter(Boolean).join(" "));
    this.name = "UserError";
  }
}

/** An error as a terminal shows it: `error[TagMissing]: ...` on one line, and its further lines below. */
export function errorText(error: UserError): string {
  return [
    `error[${error.code}]: ${onOneLine(error.message)}`,
    ...error.lines.map((part) => `  ${part.replaceAll("\n", " ")}`),
  ].join("\n");
}

/** What to do about an error, for the engine that runs a step: `fix[TagMissing]: ...`. Empty when the error has no fix. */
export const fixText = ({ code, fix }: UserError): string => (fix === "" ? "" : `fix[${code}]: ${onOneLine(fix)}`);

/** How much of a value an error shows, in characters. */
const LONGEST_SHOWN = 120;

/** A value as an error shows it: as JSON on one line, without the credentials of URLs, cut when it is long. */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/(\w:\/\/)[^/@"]*@/g, "$1***@");
  return cut(text, LONGEST_SHOWN + 3);
}
