import { channelState } from "../../base/channel/state";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { announcementOf } from "../../base/model/announcement";
import { channelEndpoints } from "../../base/model/endpoints";
import type { Settings } from "../../base/model/settings";
import { announcementPayload, type DiscordPayload } from "./message";

/** The announcement of a channel's current promotion. @throws {UserError} when the channel points to no network */
export async function currentAnnouncement(channel: string, settings: Settings, run: Run): Promise<DiscordPayload> {
  const { promotion } = await channelState(channel, run);
  if (promotion) return announcementPayload(announcementOf(promotion, channelEndpoints(channel, 0, settings)));
  throw new UserError(
    "ChannelEmpty",
    `${channel} points to no network yet, so nothing is announced.`,
    "Promote a release with `smeshnet promote v1.2.3`.",
  );
}
