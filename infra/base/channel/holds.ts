import type { Cloudflare } from "../clients/cloudflare";
import type { Run } from "../lib/run";
import { type BuildTag, buildTag, hostLabel, stackName } from "../model/build-tag";
import type { Channel } from "../model/channel";
import { type ChannelState, generationOf, latestOf, named, type Recorded } from "../model/promotion";
import type { Store } from "../store/contract";
import { promotionsOf } from "./records";
import { channelState } from "./state";

/** What decides whether a channel still needs a network. */
export interface ChannelView {
  readonly channel: string;
  readonly state: ChannelState;
  /** Oldest first. */
  readonly promotions: readonly Recorded[];
  /** Hosts that the channel's gateway name is an alias of. */
  readonly aliases: readonly string[];
}

/** Why a network cannot be retired now. */
export interface Hold {
  /** A phrase without a full stop. */
  readonly why: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
  /** When the hold ends by itself, in milliseconds since 1970; absent when it does not. */
  readonly until?: number;
}

/** The systems that know where a channel points. */
export interface ChannelSystems {
  readonly store: Store;
  /** The zone at Cloudflare that holds the channel's records. */
  readonly zoneId: string;
  readonly cloudflare: Pick<Cloudflare, "dnsRecordsNamed">;
}

const OTHER_FIRST = "Promote another network first.";

/**
 * Whether a channel holds a network: it points there, is moving there, or pointed there so recently that caches still
 * do. Of several reasons it gives the one that lasts longest.
 * @param now milliseconds since 1970
 */
export function holdOf(tag: BuildTag, view: ChannelView, now: number): Hold | undefined {
  const { channel, state, promotions, aliases } = view;
  const text = buildTag(tag);
  if (state.network === stackName(tag)) return { why: `${channel} points to ${text}`, fix: OTHER_FIRST };
  const latest = latestOf({ state, last: promotions.at(-1) });
  if (latest?.tag === text) {
    return {
      why: `${channel} is moving to ${text} (${named(latest)})`,
      fix: `Complete that promotion, give it up with \`smeshnet promote ${latest.release} --abandon TEXT\`, or promote another network first.`,
    };
  }
  const alias = aliases.find((host) => host.includes(`-${hostLabel(tag)}.`));
  if (alias) return { why: `${channel} still has DNS names that lead to ${alias}`, fix: OTHER_FIRST };
  const given = state.promotion && promotions.findLast((one) => one.tag === text && isLastMove(one, state));
  if (given?.abandoned && given.abandoned.backAt === undefined) {
    return {
      why: `${channel} may lead to ${text}, whose promotion was given up but not put back`,
      fix: `Run \`smeshnet promote ${given.release} --channel ${channel} --abandon TEXT\` again, or promote another network.`,
    };
  }
  if (!state.movedAt || !promotions.some((promotion) => promotion.tag === text)) return undefined;
  const left = Math.max(Date.parse(state.movedAt), Date.parse(given?.abandoned?.backAt ?? state.movedAt));
  const until = left + ttlOf(state) * 1000;
  const seconds = Math.ceil((until - now) / 1000);
  if (seconds <= 0) return undefined;
  return {
    why: `${channel} may still lead to ${text} in DNS caches for ${seconds} s`,
    fix: "Wait until its DNS records have expired.",
    until,
  };
}

/** Whether a promotion was given up, and the channel has not moved since. */
const isLastMove = ({ abandoned, generation }: Recorded, { promotion }: ChannelState): boolean =>
  abandoned !== undefined && generation > generationOf(promotion);

/** Cloudflare's "automatic" time to live, 1, is 300 seconds (Cloudflare docs, "Time to Live"). */
const ttlOf = ({ ttl = 300 }: ChannelState): number => (ttl === 1 ? 300 : ttl);

/**
 * Asks all systems that know where a channel points: its stack, its recorded promotions, and Cloudflare.
 * @throws {UserError} when one of them does not answer
 */
export async function viewChannel(
  { name, gateway }: Channel,
  { store, zoneId, cloudflare }: ChannelSystems,
  run: Pick<Run, "signal">,
): Promise<ChannelView> {
  // In this order, since a promotion is recorded before it checks whether its network is being retired.
  const promotions = await promotionsOf(store, name);
  const state = await channelState(name, run);
  const records = await cloudflare.dnsRecordsNamed(zoneId, gateway);
  return { channel: name, state, promotions, aliases: records.map(({ content }) => String(content)) };
}
