import type { z } from "zod";
import { shown, UserError } from "../lib/errors";
import { channelGateway } from "./endpoints";
import { channelNameText, hostText, listOf, object } from "./formats";
import type { Settings } from "./settings";

/** A channel, for checks of which network it points to. */
export const Channel = object({
  /** Also the name of its stack, e.g. `testnet`. */
  name: channelNameText,
  /** The one host that a promotion moves; see {@link channelGateway}. */
  gateway: hostText,
});
export type Channel = Readonly<z.infer<typeof Channel>>;

export const ChannelList = listOf(Channel).describe('the channels, [{"name": "testnet", "gateway": HOST}],');
export type ChannelList = z.infer<typeof ChannelList>;

/** The configured channels. */
export const channelsOf = (settings: Pick<Settings, "channels" | "subdomain" | "zone">): Channel[] =>
  settings.channels.map((name) => ({ name, gateway: channelGateway(name, settings) }));

/**
 * The channel with a name; without a name the only channel.
 * @throws {UserError} with the names of the channels
 */
export function channelNamed(name: string | undefined, channels: readonly string[]): string {
  const [only] = channels;
  if (only === undefined) {
    throw new UserError(
      "ChannelMissing",
      "There are no channels.",
      "Add one to `smeshnet:channels` in Pulumi.yaml.",
      2,
    );
  }
  const known = channels.join(", ");
  if (name === undefined && channels.length === 1) return only;
  if (name === undefined) {
    throw new UserError(
      "ChannelAmbiguous",
      `There are several channels: ${known}.`,
      "Choose one with `--channel NAME`.",
      2,
    );
  }
  if (channels.includes(name)) return name;
  throw new UserError("ChannelUnknown", `${shown(name)} is not a channel.`, `Use one of these: ${known}.`, 2);
}
