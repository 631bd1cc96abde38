import { createHash } from "node:crypto";
import { type Duplex, PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../lib/errors";
import type { Digest } from "./contract";

/** Counts and digests what passes through. */
export class Meter extends Transform {
  private bytes = 0;
  private readonly hash = createHash("sha256");

  override _transform(chunk: Buffer | string, encoding: BufferEncoding, done: (e: null, chunk: Buffer) => void): void {
    const buffer = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    this.count(buffer);
    done(null, buffer);
  }

  /** Counts bytes that pass elsewhere. */
  count(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
  }

  /** Of everything so far; nothing can be taken afterwards. */
  digest(): Digest {
    return { bytes: this.bytes, sha256: this.hash.digest("hex") };
  }
}

/**
 * Reads all of a stream, keeping nothing but its size and digest.
 * @param through what to pass it through first, e.g. to unpack it
 */
export async function digestOf(content: Readable, through: Duplex = new PassThrough()): Promise<Digest> {
  const meter = new Meter();
  await pipeline(content, through, meter, async (chunks) => {
    for await (const _ of chunks);
  });
  return meter.digest();
}

/** Reads a small object as text. */
export async function textOf(content: Readable): Promise<string> {
  let text = "";
  for await (const chunk of content.setEncoding("utf8")) text += chunk;
  return text;
}

/** Passes content on. @throws {UserError} when it breaks off, which is no fault of the store. */
export async function* unbroken(key: string, content: Readable | string): AsyncGenerator<Buffer | string> {
  try {
    if (typeof content === "string") yield content;
    else yield* content;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${key} could not be kept (${(error as Error).message}): run this again`);
  }
}
