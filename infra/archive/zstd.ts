import { Transform } from "node:stream";

/**
 * Zstandard (RFC 8878) as streams, with two libraries. The reference implementation, as WebAssembly, compresses;
 * another implementation unpacks. So reading back checks the format, not the habits of one program. Node.js has
 * Zstandard from 22.15 on.
 */

/** The content is not Zstandard, or not complete. */
export class NotZstd extends Error {}

/** Uncompressed bytes of one frame. A file may hold many frames; only the current one is in memory. */
const FRAME = 4 * 1024 * 1024;
/** Compressed bytes that are unpacked at a time. They may grow a hundredfold. */
const STEP = 16 * 1024;

/** A stream that compresses what passes through it. */
export async function zstd(): Promise<Transform> {
  const { compress, isLoaded } = await import("@foxglove/wasm-zstd");
  await isLoaded;
  const frame = Buffer.allocUnsafe(FRAME);
  let used = 0;
  let frames = 0;
  const packed = (): Buffer => {
    const full = compress(frame.subarray(0, used));
    used = 0;
    frames += 1;
    return full;
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      for (let taken = 0; taken < chunk.length; ) {
        const copied = chunk.copy(frame, used, taken);
        taken += copied;
        used += copied;
        if (used === FRAME) this.push(packed());
      }
      done();
    },
    flush(done) {
      // An empty file is not valid Zstandard, so an empty log becomes an empty frame.
      done(null, used > 0 || frames === 0 ? packed() : null);
    },
  });
}

/** A stream that unpacks what passes through it. It fails with {@link NotZstd} when the content is not valid. */
export async function unzstd(): Promise<Transform> {
  const { Decompress } = await import("fzstd");
  const unpacking = new Decompress();
  return new Transform({
    transform(chunk: Buffer, _, done) {
      unpacking.ondata = (data) => data.length > 0 && this.push(Buffer.from(data));
      try {
        for (let at = 0; at < chunk.length; at += STEP) unpacking.push(chunk.subarray(at, at + STEP));
        done();
      } catch (error) {
        done(new NotZstd((error as Error).message));
      }
    },
    flush(done) {
      try {
        unpacking.push(new Uint8Array(0), true);
        done();
      } catch (error) {
        done(new NotZstd((error as Error).message));
      }
    },
  });
}
