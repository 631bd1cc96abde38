import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { UserError } from "./errors";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The most bytes that we read of what others write. Each is ten times and more of what was ever seen. */
export const LIMITS = {
  /** An answer of an API, and an error's body. */
  answer: 16 * MIB,
  /** A list of all objects of a kind in a cluster. */
  list: 64 * MIB,
  /** Each output of a child. A stack's state with its checkpoints is the largest. */
  output: 64 * MIB,
  /** A document in the records store, or one in a file. */
  document: 16 * MIB,
  /** A tag object, with its message and signature. */
  tag: MIB,
  /** A file with a credential, settings or an id, and one of the system. */
  small: MIB,
  /** A file that we wrote ourselves, such as samples that wait for their store. */
  own: 256 * MIB,
} as const;

/** Collects bytes up to a limit. */
export class Bounded {
  private readonly chunks: Uint8Array[] = [];
  private size = 0;

  /**
   * @param source as an error names it, with a capital: `The answer of the explorer`
   * @param limit in bytes
   */
  constructor(
    private readonly source: string,
    private readonly limit: number,
  ) {}

  /** Keeps bytes. @throws {UserError} when they exceed the limit; what was kept is dropped */
  add(chunk: Uint8Array): void {
    this.size += chunk.length;
    if (this.size > this.limit) {
      this.chunks.length = 0;
      throw tooLarge(this.source, this.limit);
    }
    this.chunks.push(chunk);
  }

  bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** All bytes as UTF-8. */
  text(): string {
    return this.bytes().toString("utf8");
  }
}

/** The bytes of a stream of bytes or texts, piece by piece. Leaving the loop destroys the stream. */
export async function* bytesIn(content: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  for await (const chunk of content)
    yield typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
}

/**
 * Reads a stream to its end, and destroys it at the limit.
 * @param source as an error names it, with a capital: `The answer of the explorer`
 * @param limit in bytes
 * @throws {UserError} when the stream has more, and whatever the stream fails with
 */
export async function boundedBytes(
  content: AsyncIterable<Uint8Array | string>,
  source: string,
  limit: number,
): Promise<Buffer> {
  const kept = new Bounded(source, limit);
  // Leaving the loop by an error destroys a stream.
  for await (const chunk of bytesIn(content)) kept.add(chunk);
  return kept.bytes();
}

/** The same as text in UTF-8. @throws {UserError} as {@link boundedBytes} does */
export const boundedText = async (
  content: AsyncIterable<Uint8Array | string>,
  source: string,
  limit: number,
): Promise<string> => (await boundedBytes(content, source, limit)).toString("utf8");

/**
 * Reads a file, also one that has no size, such as a pipe.
 * @param limit in bytes
 * @throws {UserError} when it has more; the system's error when it cannot be read
 */
export const boundedFile = (path: string, limit: number): Promise<Buffer> =>
  boundedBytes(createReadStream(path), path, limit);

/** The same as text in UTF-8. @throws {UserError} as {@link boundedFile} does */
export const boundedTextFile = async (path: string, limit: number): Promise<string> =>
  (await boundedFile(path, limit)).toString("utf8");

/** The same at once. @throws {UserError} as {@link boundedFile} does */
export function boundedTextFileSync(path: string, limit: number): string {
  const kept = new Bounded(path, limit);
  const file = openSync(path, "r");
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(64 * KIB);
      const size = readSync(file, chunk);
      if (size === 0) return kept.text();
      kept.add(chunk.subarray(0, size));
    }
  } finally {
    closeSync(file);
  }
}

/** The error for a source that has more bytes than we read. */
export const tooLarge = (source: string, limit: number): UserError =>
  new UserError(
    "TooLarge",
    `${source} has more than ${sizeText(limit)}, which is the limit.`,
    "Find out what made it so large, then run the command again.",
  );

/** Bytes in the largest unit that they are a whole number of: `16 MiB`. */
const sizeText = (bytes: number): string =>
  bytes % MIB === 0 ? `${bytes / MIB} MiB` : bytes % KIB === 0 ? `${bytes / KIB} KiB` : `${bytes} bytes`;
