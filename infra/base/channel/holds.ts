import { cloudflareObjects } from "../clients/cloudflare";
import { type BuildTag, buildTag, hostLabel, stackName } from "../model/build-tag";
import type { Channel } from "../model/channel";
import { type ChannelState, latestOf, named, type Promotion } from "../model/promotion";
import type { Store } from "../store/contract";
import { promotionsOf } from "./records";
import { channelState } from "./state";

/** All that decides whether a channel lets a network go. */
export interface ChannelView {
  readonly channel: string;
  /** Output `network` of its stack, also where the stack is not ours to read more of. */
  readonly network?: string;
  readonly state: ChannelState;
  readonly promotions: readonly Promotion[];
  /** Hosts that the channel's gateway name is an alias of. */
  readonly aliases: readonly string[];
}

/** Why a network may not be retired, and until when, if time alone lifts it. */
export interface Hold {
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly until?: number;
}

/**
 * Whether a channel holds a network: it points there, is about to, or did so until lately, so that caches still do. Pure.
 * @param now milliseconds since 1970
 */
export function holdOf(tag: BuildTag, view: ChannelView, now: number): Hold | undefined {
  const { channel, state, promotions, network, aliases } = view;
  const text = buildTag(tag);
  if (network === stackName(tag)) return { why: `${text} is what ${channel} points to: promote another network first` };
  const latest = latestOf({ state, last: promotions.at(-1) });
  if (latest?.tag === text) {
    return {
      why: `${channel} is on its way to ${text} (${named(latest)}): finish that, or promote another network first`,
    };
  }
  const alias = aliases.find((host) => host.includes(`-${hostLabel(tag)}.`));
  if (alias) return { why: `the names of ${channel} still lead to ${alias}: promote another network first` };
  if (!state.movedAt || !promotions.some((promotion) => promotion.tag === text)) return undefined;
  const until = Date.parse(state.movedAt) + ttlOf(state) * 1000;
  const left = Math.ceil((until - now) / 1000);
  if (left <= 0) return undefined;
  return {
    why: `caches may still lead ${channel} to ${text}: wait ${left} s, until its DNS records have expired`,
    until,
  };
}

/** Cloudflare's "automatic" time to live, 1, is 300 seconds (Cloudflare docs, "Time to Live"). */
const ttlOf = ({ ttl = 300 }: ChannelState): number => (ttl === 1 ? 300 : ttl);

/**
 * Asks all that knows where a channel points: its stack, the promotions written down, and Cloudflare.
 * @throws {UserError} when one of them cannot be asked; nobody can know then
 */
export async function viewChannel(
  { name, gateway }: Channel,
  store: Store,
  zoneId: string,
  signal: AbortSignal,
): Promise<ChannelView> {
  // In this order: a promotion is written down before it looks whether its network is being retired.
  const promotions = await promotionsOf(store, name);
  const state = await channelState(name, signal);
  const records = await cloudflareObjects(`zones/${zoneId}/dns_records?name.exact=${gateway}&per_page=100`);
  return {
    channel: name,
    network: state.network,
    state,
    promotions,
    aliases: records.map(({ content }) => String(content)),
  };
}
