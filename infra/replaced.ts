import { type BuildTag, buildTag, parseBuildTag, stackName } from "./build-tag";
import { channelState } from "./channels";
import type { Settings } from "./config";
import { type ChannelState, generationOf, type Promotion } from "./promotion/promotion";
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
 * The networks that a channel's promotions have replaced, once it has gone on. What a demotion has left is not among them:
 * it stays for those who look into it. Pure.
 */
export function replacedAfter(has: ChannelState, next: Promotion): readonly string[] {
  const { promotion, replaced = [] } = has;
  if (generationOf(promotion) === next.generation) return replaced;
  const others = replaced.filter((tag) => tag !== next.tag && tag !== promotion?.tag);
  const isReplaced = promotion && next.kind === "promotion" && promotion.tag !== next.tag;
  return isReplaced ? [...others, promotion.tag] : others;
}

/** The networks that a channel does not need any more, and when they may go. Pure. @param retireAfter hours, as configured */
export function replacedBy(channel: string, state: ChannelState, retireAfter: number): Replaced[] {
  const { promotion, previous, movedAt, replaced = [] } = state;
  if (!promotion || !movedAt) return [];
  const due = Date.parse(movedAt) + retireAfter * 3_600_000;
  return replaced.map((tag) => {
    const by = tag === previous?.tag ? `by ${promotion.release} (${promotion.tag})` : "by a later release";
    return { tag: parseBuildTag(tag), why: `replaced in ${channel} ${by}`, due };
  });
}

/**
 * Those of them that are still there, and that no other channel points to.
 * @throws {UserError} when a stack cannot be read
 */
export async function replacedNetworks(
  channel: string,
  { channels, retireAfter }: Pick<Settings, "channels" | "retireAfter">,
  signal: AbortSignal,
): Promise<Replaced[]> {
  const others = channels.filter((name) => name !== channel);
  const states = await Promise.all(others.map((name) => channelState(name, signal)));
  const elsewhere = new Set(states.map(({ promotion }) => promotion?.tag));
  const still: Replaced[] = [];
  for (const replaced of replacedBy(channel, await channelState(channel, signal), retireAfter)) {
    if (elsewhere.has(buildTag(replaced.tag))) continue;
    const exported = await exportedStack(stackName(replaced.tag), signal);
    if (exported?.deployment.resources?.length) still.push(replaced);
  }
  return still;
}
