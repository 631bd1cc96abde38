import { pipeline } from "node:stream/promises";
import type { Store } from "../base/store/contract";
import { Meter } from "../base/store/digest";
import type { ArchivedObject } from "./manifest";
import { zstd } from "./zstd";

/** Writes content as Zstandard. @throws what the content throws, and {UserError} when the store fails */
export async function packedInto(
  store: Pick<Store, "put">,
  key: string,
  content: AsyncIterable<Buffer>,
): Promise<Omit<Required<ArchivedObject>, "key" | "parts">> {
  const all = new Meter();
  let failure: unknown;
  const counted = async function* () {
    try {
      for await (const chunk of content) {
        all.count(chunk);
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const compressed = await zstd();
  const copied = pipeline(counted(), compressed);
  copied.catch(() => undefined); // its error reaches the reader of the stream
  try {
    const stored = await store.put(key, compressed);
    return { ...stored, content: all.digest() };
  } catch (error) {
    throw failure ?? error;
  } finally {
    compressed.destroy(); // a store that cannot be written does not read it to its end
  }
}
