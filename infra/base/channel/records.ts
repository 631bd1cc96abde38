import type { z } from "zod";
import { hasHalfCharacter, withoutHalves } from "../lib/cut";
import { UserError } from "../lib/errors";
import { parsedJson } from "../lib/json";
import { together } from "../lib/together";
import {
  Abandonment,
  AbandonmentEnd,
  type ChannelState,
  generationOf,
  overtaken,
  Promotion,
  type Recorded,
} from "../model/promotion";
import { putNew, type Store } from "../store/contract";
import { textOf } from "../store/digest";

/**
 * The records of a channel in the records store, each written once: `channels/CHANNEL/GENERATION.json` before anything
 * moves, `abandonments/CHANNEL/GENERATION.json` when that generation is given up, and `GENERATION-end.json` beside it
 * when that is over.
 */
const promotionKey = (channel: string, generation: number | "" = ""): string => keyOf("channels", channel, generation);
const abandonmentKey = (channel: string, name: number | string = ""): string => keyOf("abandonments", channel, name);
const keyOf = (kind: string, channel: string, name: number | string): string =>
  `${kind}/${channel}/${name === "" ? "" : `${name}.json`}`;

/**
 * The promotions of a channel, oldest first, with those that were given up. A promotion is recorded before anything
 * moves, so the retirement guard sees where a channel is about to go.
 * @throws {UserError} when the store cannot be read, or a record is damaged
 */
export async function promotionsOf(store: Store, channel: string): Promise<Recorded[]> {
  const [keys, ends] = await together(store.list(promotionKey(channel)), store.list(abandonmentKey(channel)));
  const given = new Set(ends);
  const all = await Promise.all(
    keys
      .filter((key) => key.endsWith(".json"))
      .map(async (key) => told(store, await read(store, key, Promotion), given)),
  );
  return all.sort((a, b) => a.generation - b.generation);
}

/** A promotion with what became of it. @param given keys of the channel's abandonments */
async function told(store: Store, promotion: Promotion, given: ReadonlySet<string>): Promise<Recorded> {
  const { channel, generation } = promotion;
  const [begun, ended] = [abandonmentKey(channel, generation), abandonmentKey(channel, `${generation}-end`)];
  if (!given.has(begun)) return promotion;
  const { reason, at } = await read(store, begun, Abandonment);
  const end = given.has(ended) ? await read(store, ended, AbandonmentEnd) : undefined;
  if (end?.outcome === "finished") return promotion;
  return { ...promotion, abandoned: { reason, at, ...(end && { backAt: end.at }) } };
}

/** Records a promotion. @throws {UserError} when another promotion of the same generation was recorded first */
export async function writeDown(store: Store, promotion: Promotion): Promise<void> {
  const { channel, generation } = promotion;
  if (await put(store, promotionKey(channel, generation), Promotion, promotion)) return;
  throw overtaken(promotion, generation - 1, (await promotionsOf(store, channel)).at(-1));
}

/** Records that a promotion is given up. Of two records of the same generation the first one stays. */
export const recordAbandonment = (store: Store, abandonment: Abandonment): Promise<boolean> =>
  put(store, abandonmentKey(abandonment.channel, abandonment.generation), Abandonment, abandonment);

/** Records how an abandonment ended. Of two records the first one stays. */
export const recordAbandonmentEnd = (
  store: Store,
  { channel, generation }: Pick<Promotion, "channel" | "generation">,
  end: AbandonmentEnd,
): Promise<boolean> => put(store, abandonmentKey(channel, `${generation}-end`), AbandonmentEnd, end);

/**
 * Refuses a promotion that was given up, or that is not the newest on record. The channel's program asks under the
 * stack's lock: whoever gives up a promotion waits for that lock after the record, so that a promotion either arrived
 * before or never does.
 * @param current outputs of the channel's stack
 * @throws {UserError} with the reason
 */
export async function requireGoesOn(store: Store, current: ChannelState, requested: Promotion): Promise<void> {
  const { channel, generation, release, tag } = requested;
  if (generationOf(current.promotion) >= generation) return;
  const recorded = await promotionsOf(store, channel);
  const given = recorded.find((one) => one.abandoned && one.generation >= generation);
  if (given?.abandoned) {
    throw new UserError(
      "PromotionAbandoned",
      `Generation ${given.generation} of ${channel} was given up (${given.abandoned.reason}), so generation ${generation}, ` +
        `${release} (${tag}), does not go on.`,
      `Run \`smeshnet promote ${release} --preview\` to see the new plan.`,
    );
  }
  const newest = recorded.at(-1);
  if (generationOf(newest) > generation) throw overtaken(requested, generation - 1, newest);
}

/**
 * Writes a record that every later reader takes: it is read back from its text before it is written.
 * @returns false when the key is taken
 * @throws {UserError} when the record cannot be read back
 */
async function put<T>(store: Store, key: string, form: z.ZodType<T>, record: T): Promise<boolean> {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  if (!form.safeParse(parsedJson(text)).success) throw unusable(key, "it cannot be read back");
  if (hasHalfCharacter(record)) throw unusable(key, "a text in it ends within a character");
  return putNew(store, key, text);
}

const unusable = (key: string, why: string): UserError =>
  new UserError(
    "RecordUnusable",
    `${key} was not written, since no later run could use it: ${why}.`,
    "Nothing has changed. Correct the tag, the changelog or the reason, then run the command again.",
  );

/** A record of an earlier release may end within a character, and no engine would take it. */
const wholeJson = (text: string): unknown => (parsedJson(text) === undefined ? undefined : withoutHalves(text));

async function read<T>(store: Store, key: string, form: z.ZodType<T>): Promise<T> {
  const { success, data } = form.safeParse(wholeJson(await textOf(store.get(key))));
  if (success) return data;
  throw new UserError(
    "PromotionRecordInvalid",
    `${key} is not a valid promotion record.`,
    "Restore the original object; records must never be edited.",
  );
}
