import { z } from "zod";
import { isBuildTag, parseBuildTag, releaseTag } from "./build-tag";
import type { Endpoints } from "./endpoints";
import { buildTagText, channelNameText, object, pageUrl, whole, wholeFrom } from "./formats";
import { type Promotion, PromotionKind } from "./promotion";

const linkText = z
  .string("a URL, http or https, of at most 1024 characters")
  .max(1024, "a URL of at most 1024 characters") // the limit of an embed's field at Discord, which would cut the URL
  .refine((value) => pageUrl.safeParse(value).success, "a URL, http or https");

/** The content of an announcement. It holds no secrets. */
export const AnnouncementInput = object({
  /** Name of the channel, e.g. `testnet`. */
  channel: channelNameText,
  /** Generation of the channel, from 1. Each generation is announced once. */
  generation: wholeFrom(1),
  kind: PromotionKind,
  /** Release tag, `v1.2.3`. */
  release: z.string("the release of the tag, e.g. v1.2.3"),
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** The release's section of the changelog, as Markdown; may be empty. */
  changes: z.string("text"),
  /** URL of the channel's info page. */
  page: linkText,
  /** URL of the channel's explorer. */
  explorer: linkText,
  /** Why it goes without a simmer certificate, or why the channel goes back. */
  reason: z.string("text").optional(),
})
  .refine((input) => !isBuildTag(input.tag) || releaseTag(parseBuildTag(input.tag)) === input.release, {
    path: ["release"],
    error: "the release of the tag, e.g. v1.2.3",
  })
  .describe("the announcement (infra/base/model/announcement.ts)");
export type AnnouncementInput = Readonly<z.infer<typeof AnnouncementInput>>;

/** The announcement of a promotion. @param endpoints the channel's own */
export const announcementOf = (
  { channel, generation, kind, release, tag, changes, reason }: Promotion,
  { page, explorer }: Pick<Endpoints, "page" | "explorer">,
): AnnouncementInput => ({ channel, generation, kind, release, tag, changes, page, explorer, reason });

/** Generation of a channel, on a command line. */
export const generationNumber: z.ZodType<number> = whole(1, Number.MAX_SAFE_INTEGER).describe(
  "the generation of the channel, a whole number from 1",
);

/** Id of a message at Discord, on a command line. */
export const messageNumber = z
  .string()
  .regex(/^\d{1,20}$/)
  .describe("the message's id, a number that Discord shows as Copy Message ID");
