import { type Duplex, PassThrough, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { sameKnown } from "../base/lib/same-known";
import type { Digest, Store } from "../base/store/contract";
import { digestOf, Meter } from "../base/store/digest";
import type { ArchivedObject, LogPart } from "./manifest";
import { NotZstd, unzstd } from "./zstd";

/**
 * Reads an object of an archive to its end and compares it with the archive manifest; for logs also each container's
 * part.
 * @param sink takes the uncompressed content as it comes, before the comparison
 * @returns what is wrong, as a phrase; undefined when the object is intact
 */
export async function readBack(
  store: Store,
  folder: string,
  object: ArchivedObject,
  sink: Writable = nowhere(),
): Promise<string | undefined> {
  const { key, content, parts = [] } = object;
  const stored = new Meter();
  const log = new LogMeter(parts);
  let unpacked = true;
  try {
    await pipeline(store.get(folder + key), stored, await unpacker(key), log, sink);
  } catch (error) {
    if (!isNotPacked(error)) throw error;
    unpacked = false;
  }
  const found = unpacked ? stored.digest() : await digestOf(store.get(folder + key));
  if (!isSame(found, object)) return `${key} is ${describe(found)}, expected ${describe(object)}`;
  if (unpacked && (!content || log.holds(content))) return undefined;
  return `${key} does not hold the log that was archived`;
}

/** A stream that passes the bytes between two offsets on to another stream, which stays open. */
export function range(from: number, to: number, out: Writable): Writable {
  let at = 0;
  return new Writable({
    write(chunk: Buffer, _, done) {
      const begin = at;
      at += chunk.length;
      const wanted = chunk.subarray(Math.max(0, from - begin), Math.max(0, to - begin));
      if (wanted.length > 0) out.write(wanted, done);
      else done();
    },
  });
}

/** Whether two contents are the same, byte for byte. */
export const isSame = (a: Digest | undefined, b: Digest): boolean =>
  sameKnown(a?.bytes, b.bytes) && sameKnown(a?.sha256, b.sha256);

const describe = ({ bytes, sha256 }: Digest): string => `${bytes} bytes (SHA-256 ${sha256.slice(0, 12)})`;

/** Documents are stored as they are. Archives of schema 1 have gzipped logs. */
async function unpacker(key: string): Promise<Duplex> {
  if (key.endsWith(".zst")) return unzstd();
  return key.endsWith(".gz") ? createGunzip() : new PassThrough();
}

const isNotPacked = (error: unknown): boolean =>
  error instanceof NotZstd || /^Z_/.test(String((error as NodeJS.ErrnoException).code)); // of zlib

const nowhere = (): Writable => new Writable({ write: (_, __, done) => done() });

/** Digests a log that passes through: each part, and the whole. */
class LogMeter extends Transform {
  private readonly all = new Meter();
  private readonly meters: readonly Meter[];
  private at = 0;

  constructor(private readonly parts: readonly LogPart[]) {
    super();
    this.meters = parts.map(() => new Meter());
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (e: null, chunk: Buffer) => void): void {
    const begin = this.at;
    this.at += chunk.length;
    this.all.count(chunk);
    for (const [index, { offset, bytes }] of this.parts.entries()) {
      if (offset >= this.at || offset + bytes <= begin) continue;
      this.meters[index]?.count(chunk.subarray(Math.max(0, offset - begin), offset + bytes - begin));
    }
    done(null, chunk);
  }

  /** Whether the whole and each part are as they were archived. */
  holds(content: Digest): boolean {
    const parts = this.meters.map((meter) => meter.digest());
    return isSame(this.all.digest(), content) && this.parts.every((part, index) => isSame(parts[index], part));
  }
}
