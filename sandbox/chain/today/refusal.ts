/** The node ends before it serves anything. The message is the node's own, without `Error: `. */
export class Refusal extends Error {
  /** @param showsUsage whether the node prints its usage after the message, as it does until it starts */
  constructor(
    message: string,
    readonly showsUsage = true,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** Lines that the node writes before it ends with code 1 (cobra's form of an error and of a usage). */
export function refusalLines({ message, showsUsage }: Refusal): string[] {
  const usage = ["Usage:", "  node [flags]", "  node [command]", ""];
  return [...`Error: ${message}`.split("\n"), ...(showsUsage ? usage : [])];
}
