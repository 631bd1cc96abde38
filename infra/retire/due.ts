import { channelState } from "../base/channel/state";
import type { Cloudflare } from "../base/clients/cloudflare";
import { exportedStack } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag, parseBuildTag, stackName } from "../base/model/build-tag";
import type { ChannelState } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import { retireNetwork } from "./run";

/** A network that a promotion replaced in a channel. */
export interface Replaced {
  readonly tag: BuildTag;
  /** What replaced it, for the public history. */
  readonly why: string;
  /** When it may be retired, in milliseconds since 1970. */
  readonly due: number;
}

/**
 * The networks that a channel no longer needs, and when they may be retired.
 * @param retireAfter hours, as configured
 */
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
 * Retires the networks that promotions of a channel replaced, once the hours of the setting `retireAfter` have passed.
 * Reports the networks that are due later.
 * @param state the channel's state, if an update has just told it
 * @throws {UserError} when a stack cannot be read, or a network cannot be retired
 */
export async function retireDue(
  channel: string,
  world: { readonly settings: Settings; readonly store: Store; readonly cloudflare: Cloudflare },
  run: Run,
  state?: ChannelState,
): Promise<void> {
  const all = await remaining(channel, world.settings, run, state);
  if (all.length === 0) run.say(`${channel}: nothing to retire`);
  for (const { tag, why, due } of all) {
    // retireNetwork waits in any case until the DNS records that led there have expired.
    if (due <= run.clock.now()) await retireNetwork({ tag, why, ...world }, run);
    else {
      const at = new Date(due).toISOString();
      run.say(`${channel}: ${buildTag(tag)} keeps running until ${at}; then \`smeshnet retire --due\` retires it`);
    }
  }
}

/** The replaced networks that still exist and that no other channel points to. */
async function remaining(
  channel: string,
  { channels, retireAfter }: Pick<Settings, "channels" | "retireAfter">,
  run: Run,
  known?: ChannelState,
): Promise<Replaced[]> {
  const others = channels.filter((name) => name !== channel);
  const [own, states] = await together(
    known ?? channelState(channel, run),
    Promise.all(others.map((name) => channelState(name, run))),
  );
  const elsewhere = new Set(states.map(({ promotion }) => promotion?.tag));
  const found: Replaced[] = [];
  for (const replaced of replacedBy(channel, own, retireAfter)) {
    if (elsewhere.has(buildTag(replaced.tag))) continue;
    const exported = await exportedStack(stackName(replaced.tag), run);
    if (exported?.deployment.resources?.length) found.push(replaced);
  }
  return found;
}
