/** A fault that the user can do something about: shown as its message alone, without a stack trace. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong and what to do, in one line
   * @param {1 | 2} [exitCode] 1: the world is at fault, 2: the command line is
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
