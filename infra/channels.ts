import { output } from "./exec";

/** Longest time to read one stack's outputs, in seconds. */
const TIMEOUT = 60;

/**
 * The channels that point to a network, read from the outputs of the channels' own stacks: a settings file may be stale.
 * A channel without a stack points to nothing yet.
 * @param stack the network's stack, `1_2_3_1`
 * @throws {UserError} when a channel cannot be asked
 */
export async function channelsAt(stack: string, channels: readonly string[], signal: AbortSignal): Promise<string[]> {
  const options = { timeout: TIMEOUT, signal };
  const listed = JSON.parse(await output("pulumi", ["stack", "ls", "--json"], options)) as { name: string }[];
  const existing = new Set(listed.map(({ name }) => name.split("/").at(-1)));
  const pointing: string[] = [];
  for (const channel of channels.filter((name) => existing.has(name))) {
    const outputs = JSON.parse(await output("pulumi", ["stack", "output", "--json", "--stack", channel], options)) as {
      network?: string;
    };
    if (outputs.network === stack) pointing.push(channel);
  }
  return pointing;
}
