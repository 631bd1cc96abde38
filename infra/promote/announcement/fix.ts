import type { Posted } from "../../base/clients/discord";

/** What to do about each refusal, by its JSON error code (Discord docs, Opcodes and Status Codes). */
const FIXES: Readonly<Record<number, string>> = {
  10003:
    "The thread of DISCORD_WEBHOOK does not exist. Set `?thread_id=ID` at its end to a thread of the webhook's channel",
  10015: "Make a new webhook in Discord and set DISCORD_WEBHOOK to its URL",
  50027: "Make a new webhook in Discord and set DISCORD_WEBHOOK to its URL",
  50083: "Open the thread again, or name another one with `?thread_id=ID` at the end of DISCORD_WEBHOOK",
  160005: "Unlock the thread, or name another one with `?thread_id=ID` at the end of DISCORD_WEBHOOK",
  200000: "A rule of the Discord server blocks this text. Exempt the webhook's channel from the rule",
  200001: "A rule of the Discord server blocks this text. Exempt the webhook's channel from the rule",
  220001: "The webhook posts to a forum. Name a thread with `?thread_id=ID` at the end of DISCORD_WEBHOOK",
  220003: "The webhook posts to no forum. Remove `?thread_id=ID` from DISCORD_WEBHOOK",
};

/** What to do about a message that Discord did not take. */
export function fixOfRefusal({ status, code }: Extract<Posted, { outcome: "not-sent" }>, channel: string): string {
  const known = code === undefined ? undefined : FIXES[code];
  if (known !== undefined) return `${known}, then run the command again.`;
  if (status === 400) return `Check the message with \`smeshnet announce ${channel}\`, then run the command again.`;
  if (status === 429) return "Run the command again after that time.";
  if (status === undefined) return "Check the network and DISCORD_WEBHOOK, then run the command again.";
  return "Set DISCORD_WEBHOOK to the URL of a webhook that exists and may post, then run the command again.";
}
