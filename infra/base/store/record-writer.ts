import { Readable } from "node:stream";
import { bytesIn } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { sha256Of } from "../lib/sha256";
import { type Digest, ObjectExists, putNew, type Store } from "./contract";
import type { RecordKeys } from "./record-keys";
import { LONGEST_RECORD, type RecordReader } from "./record-reader";
import { otherName, sealed } from "./seal";

/**
 * Writes a record once. Its name decides between two writers, as long as nobody else has taken it. Then its other name
 * decides, which nobody else knows.
 * @returns size and digest of the body
 * @throws {ObjectExists} when the record exists
 */
export async function writeRecord(
  {
    inner,
    keys,
    reader,
  }: { readonly inner: Pick<Store, "put">; readonly keys: RecordKeys; readonly reader: RecordReader },
  key: string,
  content: Readable | string,
): Promise<Digest> {
  const body = await wholeOf(key, content);
  const text = sealed(key, body, keys[0]).toString("utf8");
  if (await putNew(inner, key, text)) return digestOfBody(body);
  if (await reader.find(key)) throw new ObjectExists(key);
  if (await putNew(inner, otherName(key, keys[0]), text)) return digestOfBody(body);
  if (await reader.find(key)) throw new ObjectExists(key);
  throw new UserError(
    "RecordDamaged",
    `${key} in the store is damaged, and so is the object that was written in its place.`,
    "Restore the original objects from a backup.",
  );
}

async function wholeOf(key: string, content: Readable | string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytesIn(typeof content === "string" ? Readable.from([content]) : content)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LONGEST_RECORD)
      throw new UserError(
        "RecordTooLong",
        `The record ${key} has more than ${LONGEST_RECORD} bytes, so no command would read it.`,
        "Report this: no record is that long.",
      );
  }
  return Buffer.concat(chunks);
}

const digestOfBody = (body: Buffer): Digest => ({ bytes: body.length, sha256: sha256Of(body) });
