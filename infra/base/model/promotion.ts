import { z } from "zod";
import { shown, UserError } from "../lib/errors";
import {
  buildTagText,
  channelNameText,
  commitText,
  listOf,
  nonEmptyText,
  object,
  releaseTagText,
  timeText,
  wholeFrom,
} from "./formats";

/** A promotion goes on to a release. A demotion goes back to the network that the channel pointed to before. */
export const PromotionKind = z.enum(["promotion", "demotion"], "promotion or demotion");

/**
 * The record that a channel moves to a network. It is written once, before anything moves, and never changed. Its
 * generation orders the promotions of a channel and detects concurrent ones.
 */
export const Promotion = object({
  schema: z.literal(1, "1"),
  /** Name of the channel and of its stack, e.g. `testnet`. */
  channel: channelNameText,
  /** Number of the channel's promotion or demotion, from 1. */
  generation: wholeFrom(1),
  kind: PromotionKind,
  /** Release tag, `v1.2.3`. */
  release: releaseTagText,
  /** Build tag of the network, `v1.2.3+1`. */
  tag: buildTagText,
  /** The commit of both tags, which the network runs and the channel's branch moves to; 40 or 64 hexadecimal digits. */
  commit: commitText,
  /** Why it goes without a simmer certificate, or why the channel goes back; shown publicly. Absent with one. */
  reason: nonEmptyText.optional(),
  /** The certificate of the network's simmer, as its file; absent without one. */
  certificate: nonEmptyText.optional(),
  /** The release's section of the changelog, as Markdown; may be empty. */
  changes: z.string("text"),
}).describe("the promotion, as `smeshnet promote` records it (infra/base/model/promotion.ts)");
export type Promotion = Readonly<z.infer<typeof Promotion>>;

/**
 * The record that a promotion is given up: begun, and not to be finished. It is written once; the promotion's own record
 * stays. It holds unless the promotion arrived before anybody could stop it.
 */
export const Abandonment = object({
  schema: z.literal(1, "1"),
  channel: channelNameText,
  /** The generation that is given up. */
  generation: wholeFrom(1),
  release: releaseTagText,
  /** Build tag of the network that the channel does not go to. */
  tag: buildTagText,
  /** Why, as a person gave it. */
  reason: nonEmptyText,
  at: timeText,
}).describe("the abandonment, as `smeshnet promote RELEASE --abandon TEXT` records it (infra/base/model/promotion.ts)");
export type Abandonment = Readonly<z.infer<typeof Abandonment>>;

/** The record of how an abandonment ended. */
export const AbandonmentEnd = object({
  schema: z.literal(1, "1"),
  /** The channel is back where it was, or the promotion had arrived first and stands. */
  outcome: z.enum(["abandoned", "finished"], "abandoned or finished"),
  at: timeText,
});
export type AbandonmentEnd = Readonly<z.infer<typeof AbandonmentEnd>>;

/** A promotion as the records tell it. */
export interface Recorded extends Promotion {
  /** Why and when it was given up; absent when it was not. */
  readonly abandoned?: {
    readonly reason: string;
    readonly at: string;
    /** When the channel was back where it was; absent before that. */
    readonly backAt?: string;
  };
}

/** The variable in which a channel's program receives the next promotion, as JSON. */
export const PROMOTION_VARIABLE = "PROMOTION";

/** The variable in which a channel's program receives the generation that was given up, when it puts the channel back. */
export const ABANDONED_VARIABLE = "ABANDONED";

/** The part of a channel stack's outputs that other commands read. Before the first promotion it is empty. */
export const ChannelState = object({
  /** Stack of the network that the channel points to, `1_2_3_1`. */
  network: nonEmptyText.optional(),
  /** The last completed promotion. */
  promotion: Promotion.optional(),
  /** The last completed promotion to another network; a demotion returns to it. */
  previous: Promotion.optional(),
  /** Build tags of the networks that promotions replaced, oldest first, including networks that are gone. */
  replaced: listOf(buildTagText).optional(),
  /** When the channel's names were first seen at the present network, RFC 3339. */
  movedAt: timeText.optional(),
  /** The generation after which the channel was put back, when that was given up; absent after the next move. */
  abandoned: wholeFrom(1).optional(),
  /** Time to live of the channel's names, in seconds. */
  ttl: wholeFrom(1).optional(),
});
export type ChannelState = Readonly<z.infer<typeof ChannelState>>;

/** The target of a promotion, before it is recorded. */
export type Target = Omit<Promotion, "schema" | "generation">;

/** The generation of a promotion; 0 without one. */
export const generationOf = (promotion: Promotion | undefined): number => promotion?.generation ?? 0;

/** Whether two promotions lead to the same release on the same network. */
export const sameTarget = (a: Target, b: Target): boolean =>
  a.release === b.release && a.tag === b.tag && a.commit === b.commit;

/** A promotion as errors name it. */
export const named = ({ generation, release, tag, abandoned }: Recorded): string =>
  `generation ${generation}, ${release} (${tag})${abandoned ? ", which was given up" : ""}`;

/** Everything known about a channel: its stack's outputs and its last recorded promotion. */
export interface Known {
  readonly state: ChannelState;
  readonly last?: Recorded;
  /** All recorded promotions, oldest first; absent where nobody asks for more than the last. */
  readonly promotions?: readonly Recorded[];
}

/** The promotion that took the highest generation: completed, under way or given up. The next one takes the next. */
export const newestOf = ({ state, last }: Known): Recorded | undefined =>
  generationOf(last) > generationOf(state.promotion) ? last : state.promotion;

/** The promotion that the channel is at or moves to. One that was given up leaves the channel where it was. */
export function latestOf(known: Known): Promotion | undefined {
  const newest = newestOf(known);
  return newest?.abandoned ? known.state.promotion : newest;
}

/**
 * Whether the world must be read before a channel moves to a promotion: a killed move to another network may have led
 * names and page there, of which the channel's state does not know.
 */
export function mayBeAstray(known: Known, { generation, tag }: Promotion): boolean {
  const { promotion } = known.state;
  const newest = newestOf(known);
  const isOpen = generationOf(newest) > generationOf(promotion) && newest?.abandoned?.backAt === undefined;
  const isOnlyThis = newest?.generation === generation && generation === generationOf(promotion) + 1;
  return isOpen && !(isOnlyThis && tag !== promotion?.tag);
}

/** Whether the latest promotion is recorded but not completed. */
export const isHalfDone = (known: Known): boolean =>
  generationOf(latestOf(known)) > generationOf(known.state.promotion);

/** The error for a promotion that was planned against a generation that is no longer the latest. */
export function overtaken({ channel, release }: Target, against: number, newest: Recorded | undefined): UserError {
  const now = newest ? named(newest) : "generation 0";
  return new UserError(
    "PromotionOvertaken",
    `${channel} is now at ${now}. This promotion of ${release} was planned against generation ${against}.`,
    `Run \`smeshnet promote ${release} --preview\` to see the new plan.`,
  );
}

/** Longest reason, in characters. A field of an announcement holds 1024 at Discord. */
const LONGEST_REASON = 1000;

/**
 * The reason of a promotion or demotion. It is printed, stored and shown publicly.
 * @param what names the text in an error, e.g. `--reason`
 * @throws {UserError} when the text is empty, too long or has several lines
 */
export function reasonAs(what: string, text: string): string {
  const reason = text.trim();
  if (reason !== "" && reason.length <= LONGEST_REASON && !/\p{Cc}/u.test(reason)) return reason;
  throw new UserError(
    "ReasonInvalid",
    `${what} is ${shown(reason)}, expected one line of text, 1 to ${LONGEST_REASON} characters.`,
    "Correct it and run the command again.",
    2,
  );
}
