import { UserError } from "../lib/errors";
import { parsedJson } from "../lib/json";
import { overtaken, Promotion } from "../model/promotion";
import { ObjectExists, type Store } from "../store/contract";
import { textOf } from "../store/digest";

/**
 * The promotions of a channel, oldest first. A promotion is recorded before anything moves, so the retirement guard
 * sees where a channel is about to go.
 * @throws {UserError} when the store cannot be read, or a record is damaged
 */
export async function promotionsOf(store: Store, channel: string): Promise<Promotion[]> {
  const keys = await store.list(channelFolder(channel));
  const all = await Promise.all(
    keys.filter((key) => key.endsWith(".json")).map(async (key) => read(key, await textOf(store.get(key)))),
  );
  return all.sort((a, b) => a.generation - b.generation);
}

/** Records a promotion. @throws {UserError} when another promotion of the same generation was recorded first */
export async function writeDown(store: Store, promotion: Promotion): Promise<void> {
  const { channel, generation } = promotion;
  try {
    await store.put(`${channelFolder(channel)}${generation}.json`, `${JSON.stringify(promotion, null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
    throw overtaken(promotion, generation - 1, (await promotionsOf(store, channel)).at(-1));
  }
}

function read(key: string, text: string): Promotion {
  const { success, data } = Promotion.safeParse(parsedJson(text));
  if (success) return data;
  throw new UserError(
    "PromotionRecordInvalid",
    `${key} is not a valid promotion record.`,
    "Restore the original object; records must never be edited.",
  );
}

const channelFolder = (channel: string): string => `channels/${channel}/`;
