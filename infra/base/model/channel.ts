import { z } from "zod";
import { UserError } from "../lib/errors";
import { channelGateway } from "./endpoints";
import { channelNameText, hostText, looseObject } from "./formats";
import type { Settings } from "./settings";

export const channelListSchema: z.ZodType<readonly Channel[]> = z
  .array(looseObject({ name: channelNameText, gateway: hostText }), "a list")
  .describe('the channels, [{"name": "testnet", "gateway": HOST}],');

/** A channel as those ask for it who must not retire what it points to. */
export interface Channel {
  /** Also the name of its stack, e.g. `testnet`. */
  readonly name: string;
  /** The one host that a promotion moves; see {@link channelGateway}. */
  readonly gateway: string;
}

/** The configured channels. Pure. */
export const channelsOf = (settings: Pick<Settings, "channels" | "subdomain" | "zone">): Channel[] =>
  settings.channels.map((name) => ({ name, gateway: channelGateway(name, settings) }));

/** The channel of a name, or the only one. @throws {UserError} naming those there are */
export function channelNamed(name: string | undefined, channels: readonly string[]): string {
  const known = channels.length === 0 ? "there is none: set smeshnet:channels" : `there are ${channels.join(", ")}`;
  if (name === undefined && channels.length === 1) return channels[0] as string;
  if (name === undefined) throw new UserError(`name the channel with --channel: ${known}`, 2);
  if (channels.includes(name)) return name;
  throw new UserError(`"${name}" is not a channel: ${known}`, 2);
}
