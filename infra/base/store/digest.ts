import { createHash } from "node:crypto";
import { type Duplex, PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { boundedText, LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import type { Digest } from "./contract";

/** Counts and digests the bytes that pass through. */
export class Meter extends Transform {
  private bytes = 0;
  private readonly hash = createHash("sha256");

  override _transform(chunk: Buffer | string, encoding: BufferEncoding, done: (e: null, chunk: Buffer) => void): void {
    const buffer = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    this.count(buffer);
    done(null, buffer);
  }

  /** Counts bytes that pass through something else. */
  count(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
  }

  /** The digest of all bytes so far. No more bytes can be counted afterwards. */
  digest(): Digest {
    return { bytes: this.bytes, sha256: this.hash.digest("hex") };
  }
}

/**
 * Reads all of a stream and keeps only its size and digest.
 * @param through is passed first, e.g. to unpack the stream
 */
export async function digestOf(content: Readable, through: Duplex = new PassThrough()): Promise<Digest> {
  const meter = new Meter();
  await pipeline(content, through, meter, async (chunks) => {
    for await (const _ of chunks);
  });
  return meter.digest();
}

/** Reads a document as text. @throws {UserError} when it is larger than a document can be */
export const textOf = (content: Readable): Promise<string> =>
  boundedText(content, "A document in the store", LIMITS.document);

/** Passes content on. @throws {UserError} when the content breaks off, which is no fault of the store */
export async function* unbroken(key: string, content: Readable | string): AsyncGenerator<Buffer | string> {
  try {
    if (typeof content === "string") yield content;
    else yield* content;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "ContentBrokeOff",
      `${key} was not stored, because its content broke off (${(error as Error).message}).`,
      "Run the command again.",
    );
  }
}
