import { listStacks, outputsOf } from "./stack-outputs";

/**
 * The channels that point to a network, read from the outputs of the channels' own stacks: a settings file may be stale.
 * A channel without a stack points to nothing yet.
 * @param stack the network's stack, `1_2_3_1`
 * @throws {UserError} when a channel cannot be asked
 */
export async function channelsAt(stack: string, channels: readonly string[], signal: AbortSignal): Promise<string[]> {
  const existing = new Set(await listStacks(signal));
  const pointing: string[] = [];
  for (const channel of channels.filter((name) => existing.has(name))) {
    const { network } = await outputsOf(channel, signal);
    if (network === stack) pointing.push(channel);
  }
  return pointing;
}
