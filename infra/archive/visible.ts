import { Transform } from "node:stream";

/** First byte of a control character of two bytes in UTF-8 (C1). */
const C1 = 0xc2;

/**
 * A stream that shows control characters instead of passing them on: a container wrote what a terminal would obey. Line ends
 * and tabs pass.
 */
export function visible(): Transform {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const all = Buffer.concat([held, chunk]);
      held = all.at(-1) === C1 ? all.subarray(-1) : Buffer.alloc(0);
      done(null, shownBytes(all.subarray(0, all.length - held.length)));
    },
    flush(done) {
      done(null, held);
    },
  });
}

/** `^[` for escape, as terminals do when one types it; \ufffd for others. */
const shownBytes = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes
      .toString("latin1")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
      .replace(/[\x00-\x08\x0b-\x1f]/g, (one) => `^${String.fromCharCode(one.charCodeAt(0) + 64)}`)
      .replace(/\x7f/g, "^?")
      .replace(/\xc2[\x80-\x9f]/g, "\xef\xbf\xbd"),
    "latin1",
  );
