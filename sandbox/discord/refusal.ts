/** An HTTP error answer with Discord's error code. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}
