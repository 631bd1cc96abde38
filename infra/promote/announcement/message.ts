import { beginningOf, cut } from "../../base/lib/cut";
import type { AnnouncementInput } from "../../base/model/announcement";

/** A message to a Discord webhook (Discord docs, Webhook resource, Execute Webhook), as far as we use it. */
export interface DiscordPayload {
  readonly embeds: readonly [Embed];
  /** An empty `parse` mentions nobody, whatever the text says (Discord docs, Message resource, Allowed Mentions). */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

export interface Embed {
  readonly title: string;
  readonly url: string;
  readonly description: string;
  readonly fields: readonly EmbedField[];
}

export interface EmbedField {
  readonly name: string;
  readonly value: string;
}

/**
 * Discord docs, Message resource, Embed Limits, in characters; `total` counts all titles, descriptions, names and
 * values. Discord counts code points, some clients UTF-16 units. We keep the limits in units, which are never fewer.
 */
export const EMBED_LIMITS = { title: 256, description: 4096, value: 1024, total: 6000 } as const;

const RELEASES = "https://github.com/spacemeshos/go-spacemesh/releases/tag";

/** The message of an announcement. The same input makes the same message at any time. */
export function announcementPayload(input: AnnouncementInput): DiscordPayload {
  const { kind, channel, release, page } = input;
  const back = kind === "demotion";
  const title = cut(`Spacemesh ${channel}: ${back ? "back to " : ""}${release}`, EMBED_LIMITS.title);
  const fields = fieldsOf(input);
  const used = fields.reduce((sum, { name, value }) => sum + name.length + value.length, title.length);
  const changes = input.changes.trim() || `${RELEASES}/${release}`;
  const text = back ? `The ${channel} goes back to ${release}.\n\n${changes}` : changes;
  const limit = Math.min(EMBED_LIMITS.description, EMBED_LIMITS.total - used);
  const description = shortened(text, limit, `\n...\n${RELEASES}/${release}`);
  return { embeds: [{ title, url: page, description, fields }], allowed_mentions: { parse: [] } };
}

/** Discord refuses a field without a value, so the reason is left out when none is given. */
function fieldsOf({ kind, tag, page, explorer, reason }: AnnouncementInput): EmbedField[] {
  const why = kind === "demotion" ? "Why" : "Promoted without a simmer certificate";
  const fields = { "Info page": page, Explorer: explorer, Build: tag, [why]: literally(reason?.trim() ?? "") };
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => ({ name, value: cut(value, EMBED_LIMITS.value) }));
}

/** A text whose marks Discord shows as they are: a reason has neither links behind words nor hidden parts. */
const literally = (text: string): string => text.replace(/[\\[\]|`*~<]/g, "\\$&");

/** A text cut to a length: whole lines, and an end that says where the rest is. */
function shortened(text: string, longest: number, end: string): string {
  if (text.length <= longest) return text;
  const room = longest - end.length - CLOSING.length;
  const line = text.lastIndexOf("\n", room);
  // A long line is cut within, at a word: it may be all that the section has.
  const whole = line >= room / 2 ? text.slice(0, line) : beginningOf(text, room).replace(/\s\S*$/, "");
  const kept = whole.trimEnd();
  return kept + (isInCode(kept) ? CLOSING : "") + end;
}

/** Ends a code block that lost its end, so that the following text is not code. */
const CLOSING = "\n```";

const isInCode = (text: string): boolean => (text.match(/^ *```/gm) ?? []).length % 2 === 1;
