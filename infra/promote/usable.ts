import { hasHalfCharacter } from "../base/lib/cut";
import { UserError } from "../base/lib/errors";
import { parsedJson } from "../base/lib/json";
import { AnnouncementInput, announcementOf } from "../base/model/announcement";
import { channelEndpoints, type PublicNames } from "../base/model/endpoints";
import { PROMOTION_VARIABLE, Promotion } from "../base/model/promotion";
import { announcementPayload, EMBED_LIMITS } from "./announcement/message";
import { StoredIntent } from "./announcement/records";

/** Longest environment variable with its name, in bytes (Linux, MAX_ARG_STRLEN: 32 pages, with the end of the string). */
const LONGEST_VARIABLE = 131_071;

/**
 * Checks a promotion before it is recorded as every later step reads it: the record, the variable that hands it on, the
 * announcement, and the message at Discord. What is recorded is tried again by each rerun, so a record that one of them
 * refuses would stop all.
 * @throws {UserError} with what is wrong; nothing has changed
 */
export function requireUsable(promotion: Promotion, settings: PublicNames): void {
  const why = faultOf(promotion, settings);
  if (why === undefined) return;
  throw new UserError(
    "PromotionUnusable",
    `The promotion of ${promotion.channel} to ${promotion.release} was not recorded, since no run could finish it: ${why}.`,
    "Nothing has changed. Correct the tag, the changelog, the reason or the certificate, then run the command again.",
  );
}

/** Why no run could finish a promotion; undefined when each can. */
function faultOf(promotion: Promotion, settings: PublicNames): string | undefined {
  if (hasHalfCharacter(promotion)) return "a text in it ends within a character";
  const text = JSON.stringify(promotion);
  const read = Promotion.safeParse(parsedJson(text));
  if (!read.success) return `its record has no valid ${placeOf(read.error)}`;
  const size = Buffer.byteLength(`${PROMOTION_VARIABLE}=${text}`);
  if (size > LONGEST_VARIABLE) return `it has ${size} bytes, and a variable holds ${LONGEST_VARIABLE}`;
  const said = announcementOf(read.data, channelEndpoints(promotion.channel, 0, settings));
  const input = AnnouncementInput.safeParse(said);
  if (!input.success) return `its announcement has no valid ${placeOf(input.error)}`;
  const { release, tag, kind } = promotion;
  const payload = announcementPayload(input.data);
  const intent = { release, tag, kind, at: new Date(0).toISOString(), payload };
  if (hasHalfCharacter(payload) || !StoredIntent.safeParse(intent).success)
    return "its announcement cannot be recorded";
  return overLimit(payload);
}

const placeOf = ({ issues: [first] }: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }) =>
  first?.path.join(".") || "form";

/** What of a message Discord would refuse; undefined when it takes it. */
function overLimit({ embeds: [{ title, description, fields }] }: ReturnType<typeof announcementPayload>) {
  const texts = [
    ["title", title, EMBED_LIMITS.title] as const,
    ["description", description, EMBED_LIMITS.description] as const,
    ...fields.map(({ name, value }) => [`field ${name}`, value, EMBED_LIMITS.value] as const),
  ];
  const wrong = texts.find(([, text, longest]) => text.trim() === "" || text.length > longest);
  if (wrong) return `the ${wrong[0]} of its message is empty or too long for Discord`;
  const total = [title, description, ...fields.flatMap(({ name, value }) => [name, value])].join("").length;
  return total > EMBED_LIMITS.total ? "its message is too long for Discord" : undefined;
}
