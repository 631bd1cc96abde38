import { findChannel } from "../../base/channel/state";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { type Release, releaseTag } from "../../base/model/build-tag";
import { channelNamed } from "../../base/model/channel";
import type { Promotion } from "../../base/model/promotion";
import type { Settings } from "../../base/model/settings";
import type { Store } from "../../base/store/contract";
import { candidate } from "../../promote/candidate";
import { forward } from "../../promote/forward";
import { decide } from "../../promote/plan";

/** What promotions of releases would do to one channel. */
export interface ChannelMove {
  readonly channel: string;
  /** The promotion that would be recorded; undefined when the channel is there already. */
  readonly promotion?: Promotion;
  /** Why the release cannot be promoted. */
  readonly refusal?: string;
}

/** Plans the move of a channel to a release as `smeshnet promote --preview` does; a refusal is part of the answer. */
export async function planMove(
  release: Release,
  channel: string,
  { settings, store }: { readonly settings: Settings; readonly store: Store },
  run: Run,
): Promise<ChannelMove> {
  try {
    const finding = findChannel(channel, store, run);
    const known = finding.then((found) => found.known);
    const to = { channel, release: releaseTag(release) };
    const target = await forward(known, to, undefined, () =>
      candidate({ release, channel, known }, settings, store, run),
    );
    const { action, promotion } = decide(await known, target);
    return { channel, ...(action === "none" ? {} : { promotion }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { channel, refusal: `${releaseTag(release)} cannot be promoted: ${error.what}` };
  }
}

/** The channel that releases move. @throws {UserError} when it is unclear, or several releases would move it */
export function movedChannel(
  releases: readonly Release[],
  name: string | undefined,
  channels: readonly string[],
): string | undefined {
  if (releases.length === 0) return undefined;
  if (releases.length === 1) return channelNamed(name, channels);
  throw new UserError(
    "ReleasesAmbiguous",
    `${releases.map(releaseTag).join(" and ")} would move the same channel.`,
    "Preview one release at a time.",
    2,
  );
}
