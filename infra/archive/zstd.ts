import { Transform } from "node:stream";

/**
 * Zstandard (RFC 8878) as streams. Two libraries for it: the one that compresses is the reference implementation as
 * WebAssembly, the one that unpacks is another implementation, so that what is read back is the format and not what one
 * program makes of it. Node has its own from 22.15 on only.
 */

/** What is unpacked is no Zstandard, or not whole. */
export class NotZstd extends Error {}

/** Uncompressed bytes of one frame. A file of many frames is as good as one of one, and none is held but this. */
const FRAME = 4 * 1024 * 1024;
/** Compressed bytes that are unpacked at a time, which may become some hundred times as many. */
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
      // Nothing at all is no Zstandard: an empty log is an empty frame.
      done(null, used > 0 || frames === 0 ? packed() : null);
    },
  });
}

/** A stream that unpacks what passes through it. It fails with {@link NotZstd}. */
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
