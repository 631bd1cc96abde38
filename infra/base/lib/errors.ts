/** A mistake or a fault that the user can do something about: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  /**
   * @param message what is wrong and what to do, in one line
   * @param exitCode of the verb: 1 for a fault of the world, 2 for bad input
   */
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** As much of a value as an error shows, in characters. */
const LONGEST_SHOWN = 120;

/** A value as an error shows it: as JSON, so on one line, without the credentials of URLs, and cut when long. Pure. */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/(\w+:\/\/)[^/@"]*@/g, "$1***@");
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
