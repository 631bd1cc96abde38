import { UserError } from "../lib/errors";
import { overtaken, type Promotion, promotionSchema } from "../model/promotion";
import { ObjectExists, type Store } from "../store/contract";
import { textOf } from "../store/digest";

/**
 * Every promotion of a channel, oldest first. They are written before anything moves, so that whoever wants to retire a
 * network sees where a channel is about to go, and are never changed.
 * @throws {UserError} when the store cannot be read, or a record is damaged
 */
export async function promotionsOf(store: Store, channel: string): Promise<Promotion[]> {
  const keys = await store.list(`${channelFolder(channel)}`);
  const all = await Promise.all(
    keys.filter((key) => key.endsWith(".json")).map(async (key) => read(key, await textOf(store.get(key)))),
  );
  return all.sort((a, b) => a.generation - b.generation);
}

/** Writes a promotion down. @throws {UserError} when another one of the same generation was faster */
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
  try {
    return promotionSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${key} in the store is no promotion: put back what scripts/promote.ts has written there`);
  }
}

const channelFolder = (channel: string): string => `channels/${channel}/`;
