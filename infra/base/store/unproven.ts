import { atOnce } from "../lib/at-once";
import { bytesIn } from "../lib/bounded";
import { sha256Of } from "../lib/sha256";
import { isMissing, type Store } from "./contract";
import { mayBeOld } from "./record-kinds";
import { LONGEST_RECORD, type RecordReader } from "./record-reader";
import { bodyOf, isOtherName } from "./seal";

/** The record that a store began to believe only what is sealed. */
export const BEGINNING = "sealed/beginning.json";

/** Requests at the same time. */
const AT_ONCE = 16;

/** An object that would steer, had it a seal. */
export interface Unproven {
  readonly key: string;
  /** Size in bytes, and SHA-256 of its text without a seal that does not hold. */
  readonly bytes: number;
  readonly sha256: string;
  readonly body: Buffer;
  /** Whether it can be a record: it is text in UTF-8, and not too long. */
  readonly isText: boolean;
}

/** Keys in a store that may hold a record from before seals. @throws {UserError} when it cannot be read */
export const recordNames = async (inner: Pick<Store, "list">): Promise<string[]> =>
  (await inner.list("")).filter((name) => mayBeOld(name) && !isOtherName(name));

/** Of some keys those without a proven record, in their order. @throws {UserError} when the store cannot be read */
export async function unprovenOf(
  inner: Pick<Store, "get">,
  reader: RecordReader,
  keys: readonly string[],
): Promise<Unproven[]> {
  const all = await atOnce(keys, AT_ONCE, async (key) => ((await reader.find(key)) ? [] : [await look(inner, key)]));
  return all.flat().filter((one) => one !== undefined);
}

async function look(inner: Pick<Store, "get">, key: string): Promise<Unproven | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of bytesIn(inner.get(key))) {
      size += chunk.length;
      if (size > LONGEST_RECORD) break;
      chunks.push(chunk);
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const body = bodyOf(Buffer.concat(chunks));
  const isText = size <= LONGEST_RECORD && Buffer.from(body.toString("utf8")).equals(body);
  return { key, bytes: body.length, sha256: sha256Of(body), body, isText };
}
