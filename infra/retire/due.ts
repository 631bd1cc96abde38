import { channelState } from "../base/channel/state";
import { say } from "../base/cli/verb";
import { exportedStack } from "../base/engine/state";
import { type BuildTag, buildTag, parseBuildTag, stackName } from "../base/model/build-tag";
import type { ChannelState, Promotion } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { retireNetwork } from "./run";

/** A network that a promotion has replaced in a channel. */
export interface Replaced {
  readonly tag: BuildTag;
  /** For the history: by what it was replaced. */
  readonly why: string;
  /** When it may be retired, milliseconds since 1970. */
  readonly due: number;
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

/** Retires the networks that promotions have replaced, if they are to go at once or have had their time. */
export async function retireReplaced({ channel }: Promotion, settings: Settings, signal: AbortSignal): Promise<void> {
  for (const replaced of await replacedNetworks(channel, settings, signal)) {
    // The end of the DNS records that led there is awaited in any case.
    if (replaced.due <= Date.now()) await retireNetwork({ ...replaced, settings, signal, say });
    else {
      const due = new Date(replaced.due).toISOString();
      say(`${buildTag(replaced.tag)} goes on until ${due}; then node --import tsx scripts/retire.ts --due retires it`);
    }
  }
}
