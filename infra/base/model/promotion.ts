import { z } from "zod";
import { UserError } from "../lib/errors";
import { buildTagText, channelNameText, looseObject, nonEmptyText, wholeFrom } from "./formats";

/**
 * The record that a channel is to point to a network. Written once, before anything moves; its generation is what
 * promotions are compared and swapped by.
 */
export interface Promotion {
  readonly schema: 1;
  /** Name of the channel and of its stack, e.g. `testnet`. */
  readonly channel: string;
  /** Counts the promotions and demotions of a channel, from 1. */
  readonly generation: number;
  /** A demotion goes back to the network that the channel pointed to before. */
  readonly kind: "promotion" | "demotion";
  /** Release tag, `v1.2.3`. */
  readonly release: string;
  /** Build tag of the network, `v1.2.3+1`. */
  readonly tag: string;
  /** Commit of both tags in the node repository, 40 hexadecimal digits. */
  readonly commit: string;
  /** Why it is promoted without a simmer certificate; shown to everybody. */
  readonly reason: string;
  /** What the changelog says of the release, as Markdown; may be empty. */
  readonly changes: string;
}

/** The variable in which a channel's program gets the promotion to go on to, as JSON. */
export const PROMOTION_VARIABLE = "PROMOTION";

/** What a channel's stack tells everybody else, as its outputs. */
export interface ChannelState {
  /** Stack of the network that it points to, `1_2_3_1`. */
  readonly network?: string;
  /** The last promotion that was completed; absent before the first. */
  readonly promotion?: Promotion;
  /** The last one that led to another network, to which a demotion goes back. */
  readonly previous?: Promotion;
  /** Build tags of the networks that promotions have replaced, oldest first; also of those that are gone by now. */
  readonly replaced?: readonly string[];
  /** When the channel's names were seen at the present network, RFC 3339. */
  readonly movedAt?: string;
  /** Time to live of the channel's names, in seconds. */
  readonly ttl?: number;
}

/** What a promotion is about, without what is decided when it is written down. */
export type Target = Omit<Promotion, "schema" | "generation">;

/** The generation of a channel that points to nothing yet is 0. */
export const generationOf = (promotion: Promotion | undefined): number => promotion?.generation ?? 0;

/** Whether two promotions lead to the same release on the same network. */
export const sameTarget = (a: Target, b: Target): boolean =>
  a.release === b.release && a.tag === b.tag && a.commit === b.commit;

/** A promotion as errors name it. */
export const named = ({ generation, release, tag }: Promotion): string =>
  `generation ${generation}, ${release} (${tag})`;

/** What is known of a channel: its stack's outputs, and the last promotion that was written down. */
export interface Known {
  readonly state: ChannelState;
  readonly last?: Promotion;
}

/** The promotion with the highest generation, completed or not. Pure. */
export const latestOf = ({ state, last }: Known): Promotion | undefined =>
  generationOf(last) > generationOf(state.promotion) ? last : state.promotion;

/** Whether the last promotion was written down, and the channel has not been seen to be there. Pure. */
export const isHalfDone = (known: Known): boolean =>
  generationOf(latestOf(known)) > generationOf(known.state.promotion);

/** A promotion that was planned against a generation that is no longer the last. */
export const overtaken = ({ channel, release }: Target, against: number, latest: Promotion | undefined): UserError =>
  new UserError(
    `${channel} is at ${latest ? named(latest) : "generation 0"} by now, and this promotion of ${release} was planned ` +
      `against generation ${against}: look at it (--preview) and run this again`,
  );

export const kindSchema = z.enum(["promotion", "demotion"], "promotion or demotion");

const promotionFields = looseObject({
  schema: z.literal(1, "1"),
  channel: channelNameText,
  generation: wholeFrom(1),
  kind: kindSchema,
  release: z.string("a release tag, e.g. v1.2.3").regex(/^v\d+\.\d+\.\d+$/, "a release tag, e.g. v1.2.3"),
  tag: buildTagText,
  commit: z.string("a commit").regex(/^[0-9a-f]{40,64}$/, "a commit"),
  reason: nonEmptyText,
  changes: z.string("text"),
});

/** What a channel's program is given when it is to move. */
export const promotionSchema: z.ZodType<Promotion> = promotionFields.describe(
  "the promotion as scripts/promote.ts writes it down (infra/base/model/promotion.ts)",
);
