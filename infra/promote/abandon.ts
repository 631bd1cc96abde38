import { recordAbandonment, recordAbandonmentEnd } from "../base/channel/records";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type ChannelState, generationOf, type Known, named, newestOf, type Recorded } from "../base/model/promotion";
import type { Store } from "../base/store/contract";

/** What to give up. */
export interface Abandoning {
  readonly channel: string;
  /** Release of the promotion or demotion that is under way, `v1.2.3`. */
  readonly release: string;
  readonly reason: string;
}

/** How a channel is looked at and put back. */
export interface ChannelHands {
  /** What is known of the channel now. @throws {UserError} when its stack or the store cannot be read */
  known(): Promise<Known>;
  /** Whether its stack holds anything. A stack that was never made, or was destroyed, holds nothing. */
  holdsAnything(): Promise<boolean>;
  /** Waits until nobody updates the channel's stack, and cleans up what a killed update left. */
  quiet(): Promise<void>;
  /** Updates the channel's stack to the promotion that it last completed, wherever the abandoned generation got to. */
  putBack(abandoned: number): Promise<void>;
}

/**
 * The promotion that can be given up: recorded, newest, and not completed.
 * @throws {UserError} when there is none, or another release is under way
 */
export function underWay(known: Known, { channel, release }: Pick<Abandoning, "channel" | "release">): Recorded {
  const newest = newestOf(known);
  if (newest && newest.release === release && newest.generation > generationOf(known.state.promotion)) return newest;
  const isDone = !newest || newest.abandoned || newest.generation === generationOf(known.state.promotion);
  const where = newest ? named(newest) : "generation 0";
  throw new UserError(
    "NothingToAbandon",
    isDone
      ? `No promotion of ${channel} to ${release} is under way: it is at ${where}.`
      : `${channel} is on its way to ${where}, not to ${release}.`,
    isDone
      ? "Go back from a completed one with `smeshnet demote --reason TEXT`."
      : "Name the release that is under way, or promote another one.",
    2,
  );
}

/**
 * Gives up a promotion or demotion that cannot be finished: records that with its reason, and puts the channel back
 * where it last arrived. From the record on the promotion never arrives, and another one can begin, also when the
 * channel cannot be put back. Safe to run again at any point.
 * @throws {UserError} when nothing is under way, or the promotion arrived first
 */
export async function abandon(
  wanted: Abandoning,
  { hands, store }: { readonly hands: ChannelHands; readonly store: Store },
  run: Run,
): Promise<Recorded> {
  const { channel, reason } = wanted;
  let begun = underWay(await hands.known(), wanted);
  if (begun.abandoned?.backAt !== undefined) {
    run.say(`${channel}: ${named(begun)} at ${begun.abandoned.at}`);
    return begun;
  }
  const now = () => new Date(run.clock.now()).toISOString();
  if (!begun.abandoned) {
    // Whoever is moving the channel now may finish: then nothing is recorded.
    await hands.quiet();
    begun = underWay(await hands.known(), wanted);
    const { generation, release, tag } = begun;
    await recordAbandonment(store, { schema: 1, channel, generation, release, tag, reason, at: now() });
  }
  // A run that began before the record may still arrive. One that begins later finds the record, under the stack's lock.
  await hands.quiet();
  const { state } = await hands.known();
  if (generationOf(state.promotion) >= begun.generation) {
    await recordAbandonmentEnd(store, begun, { schema: 1, outcome: "finished", at: now() });
    const how = state.promotion?.generation === begun.generation ? "arrived" : "was overtaken";
    throw new UserError(
      "PromotionFinished",
      `The promotion of ${channel} to ${named(begun)} ${how} before it could be given up.`,
      "Go back with `smeshnet demote --reason TEXT`.",
    );
  }
  run.say(`${channel}: gave up ${named(begun)}`);
  if (state.promotion) await hands.putBack(begun.generation);
  await recordAbandonmentEnd(store, begun, { schema: 1, outcome: "abandoned", at: now() });
  run.say(`${channel}: ${await placeOf(hands, state)}`);
  return (await hands.known()).promotions?.find(({ generation }) => generation === begun.generation) ?? begun;
}

/** Where a channel is once a promotion is given up, in words. */
export async function placeOf(
  hands: Pick<ChannelHands, "holdsAnything">,
  { promotion }: ChannelState,
): Promise<string> {
  if (promotion) return `is at ${named(promotion)}`;
  // Whether there was a network before, nobody can tell: outputs go with a stack that is destroyed.
  return (await hands.holdsAnything())
    ? "is at no network, and names that moved stay until the next promotion"
    : "is at no network and has no names: its stack holds nothing until the next promotion";
}
