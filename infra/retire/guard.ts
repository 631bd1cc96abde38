import { type ChannelSystems, type Hold, holdOf, viewChannel } from "../base/channel/holds";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Channel } from "../base/model/channel";

/** A network that is about to be retired, and the systems to ask. */
export interface Retirement extends ChannelSystems {
  readonly tag: BuildTag;
  readonly channels: readonly Channel[];
}

/**
 * Checks that a network can be retired now: no channel points to it or is moving to it, no cache leads to it, and the
 * store can keep its archive.
 * @throws {UserError} with every reason, before anything has changed; also when a channel cannot be checked
 */
export async function requireRetirable(retirement: Retirement, run: Run): Promise<void> {
  const holds = await holdsOn(retirement, run);
  if (holds.length > 0) {
    throw new UserError(
      "NetworkInUse",
      `${buildTag(retirement.tag)} cannot be retired now: ${holds.map(({ why }) => why).join("; ")}.`,
      [...new Set(holds.map(({ fix }) => fix))].join(" "),
    );
  }
  await retirement.store.probe();
}

/** Everything that keeps a network from being retired now. @throws {UserError} when a channel cannot be checked */
export async function holdsOn({ tag, channels, ...systems }: Retirement, run: Run): Promise<Hold[]> {
  const holds: Hold[] = [];
  for (const channel of channels) {
    const view = await viewChannel(channel, systems, run).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        "ChannelUnknowable",
        `Cannot determine whether ${channel.name} points to ${buildTag(tag)}. ${error.what}`,
        error.fix,
      );
    });
    const hold = holdOf(tag, view, run.clock.now());
    if (hold) holds.push(hold);
  }
  return holds;
}
