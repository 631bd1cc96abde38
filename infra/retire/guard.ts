import { type Hold, holdOf, viewChannel } from "../base/channel/holds";
import { UserError } from "../base/lib/errors";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Channel } from "../base/model/channel";
import type { Store } from "../base/store/contract";

/** What is asked before a network is retired. */
export interface Retirement {
  readonly tag: BuildTag;
  readonly channels: readonly Channel[];
  /** The zone at Cloudflare that holds the channels' records. */
  readonly zoneId: string;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/**
 * Looks whether the network of a build tag may be retired now: no channel points to it or is about to, no cache does so
 * any more, and its archive could be kept.
 * @throws {UserError} saying why not, before anything has changed; also when a channel cannot be asked
 */
export async function requireRetirable(retirement: Retirement): Promise<void> {
  const holds = await holdsOn(retirement);
  if (holds.length > 0) throw new UserError(holds.map(({ why }) => why).join("; "));
  await retirement.store.probe();
}

/** Everything that keeps a network from being retired now. @throws {UserError} when a channel cannot be asked */
export async function holdsOn({ tag, channels, zoneId, store, signal }: Retirement): Promise<Hold[]> {
  const holds: Hold[] = [];
  for (const channel of channels) {
    const view = await viewChannel(channel, store, zoneId, signal).catch((error: Error) => {
      throw new UserError(`nobody can know whether ${channel.name} points to ${buildTag(tag)}: ${error.message}`);
    });
    const hold = holdOf(tag, view, Date.now());
    if (hold) holds.push(hold);
  }
  return holds;
}
