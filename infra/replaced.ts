import { type BuildTag, parseBuildTag, stackName } from "./build-tag";
import { channelState } from "./channels";
import type { ChannelState } from "./promotion/promotion";
import { exportedStack } from "./stack-outputs";

/** A network that a promotion has replaced in a channel. */
export interface Replaced {
  readonly tag: BuildTag;
  /** For the history: by what it was replaced. */
  readonly why: string;
  /** When it may be retired, milliseconds since 1970. */
  readonly due: number;
}

/**
 * The network that a channel has left behind by its last promotion. After a demotion there is none: what failed stays for
 * those who look into it. Pure.
 * @param retireAfter hours, as configured
 */
export function replacedBy(channel: string, state: ChannelState, retireAfter: number): Replaced | undefined {
  const { promotion, previous, movedAt } = state;
  if (!promotion || !previous || !movedAt || promotion.kind === "demotion") return undefined;
  return {
    tag: parseBuildTag(previous.tag),
    why: `replaced in ${channel} by ${promotion.release} (${promotion.tag})`,
    due: Date.parse(movedAt) + retireAfter * 3_600_000,
  };
}

/** The same, as long as the network is there. @throws {UserError} when a stack cannot be read */
export async function replacedNetwork(
  channel: string,
  retireAfter: number,
  signal: AbortSignal,
): Promise<Replaced | undefined> {
  const replaced = replacedBy(channel, await channelState(channel, signal), retireAfter);
  const exported = replaced && (await exportedStack(stackName(replaced.tag), signal));
  return exported?.deployment.resources?.length ? replaced : undefined;
}
