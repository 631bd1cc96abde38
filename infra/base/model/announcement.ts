import { z } from "zod";
import { parseBuildTag, releaseTag } from "./build-tag";
import type { Endpoints } from "./endpoints";
import {
  buildTagText,
  channelNameText,
  isBuildTag,
  looseObject,
  pageUrl,
  wholeFrom,
  whole as wholeText,
} from "./formats";
import { kindSchema, type Promotion } from "./promotion";

/** What an announcement says; its form is in infra/base/model/formats.ts. Nothing in it is secret. */
export interface AnnouncementInput {
  /** Name of the channel, e.g. `testnet`. */
  readonly channel: string;
  /** Number of the channel's update, from 1. Each is announced once. */
  readonly generation: number;
  /** A demotion goes back to the network before. */
  readonly kind: "promotion" | "demotion";
  /** Release tag, `v1.2.3`. */
  readonly release: string;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** What the release changed, markdown; may be empty. */
  readonly changes: string;
  /** URL of the channel's info page. */
  readonly page: string;
  /** URL of the channel's explorer. */
  readonly explorer: string;
  /** Why it was promoted without a simmer certificate, or why it was demoted. */
  readonly reason?: string;
}

/** The announcement of a promotion. Pure. @param endpoints the channel's own */
export const announcementOf = (
  promotion: Promotion,
  endpoints: Pick<Endpoints, "page" | "explorer">,
): AnnouncementInput => {
  const { channel, generation, kind, release, tag, changes, reason } = promotion;
  return {
    channel,
    generation,
    kind,
    release,
    tag,
    changes,
    page: endpoints.page,
    explorer: endpoints.explorer,
    reason,
  };
};

const linkText = z
  .string("a URL, http or https, of at most 1024 characters")
  .max(1024, "a URL of at most 1024 characters") // of an embed's field at Discord, where half a URL is none
  .refine((value) => pageUrl.safeParse(value).success, "a URL, http or https");

export const announcementInputSchema: z.ZodType<AnnouncementInput> = looseObject({
  channel: channelNameText,
  generation: wholeFrom(1),
  kind: kindSchema,
  release: z.string("the release of the tag, e.g. v1.2.3"),
  tag: buildTagText,
  changes: z.string("text"),
  page: linkText,
  explorer: linkText,
  reason: z.string("text").optional(),
})
  .refine((input) => !isBuildTag(input.tag) || releaseTag(parseBuildTag(input.tag)) === input.release, {
    path: ["release"],
    error: "the release of the tag, e.g. v1.2.3",
  })
  .describe("the announcement (infra/base/model/announcement.ts)");

/** Number of a channel's update, on a command line. */
export const generationNumber: z.ZodType<number> = wholeText(1, Number.MAX_SAFE_INTEGER).describe(
  "the number of the channel's update, from 1",
);

/** Id of a message at Discord, on a command line. */
export const messageNumber = z
  .string()
  .regex(/^\d{1,20}$/)
  .describe("the message's id, a number that Discord shows as Copy Message ID");
