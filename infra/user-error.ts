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
