import { Writable } from "node:stream";
import { STAMP } from "../archive/lines";

/** A container runtime cuts a line after so many bytes, and the kubelet puts a time before each piece. */
const PIECE = 16_384;
const AT_START = new RegExp(`^(${STAMP}) `);
const IN_MIDDLE = new RegExp(`${STAMP} `, "g");
/** Bytes of a line that are kept. No excerpt shows more. */
const LONGEST = 4 * PIECE;

/** A line of a log. */
export interface LogLine {
  /** When it was written, RFC 3339. */
  readonly at: string;
  readonly text: string;
}

/** Reads a line with the kubelet's time before it; undefined for a line without one. Bytes that are no UTF-8 show as �. */
export function readLine(bytes: Buffer): LogLine | undefined {
  const line = bytes.toString("latin1"); // one character a byte: the runtime cuts by bytes, also within characters
  const [stamp, at] = AT_START.exec(line) ?? [];
  if (stamp === undefined || at === undefined) return undefined;
  return { at, text: Buffer.from(joined(line.slice(stamp.length)), "latin1").toString("utf8") };
}

/** A line without the times that stand where the runtime had cut it. A time that belongs to the text stays. */
export function joined(text: string): string {
  let [kept, from, search] = ["", 0, PIECE];
  for (;;) {
    IN_MIDDLE.lastIndex = search;
    const found = IN_MIDDLE.exec(text);
    if (!found) return kept + text.slice(from);
    kept += text.slice(from, found.index);
    from = found.index + found[0].length;
    search = from + PIECE;
  }
}

/**
 * Takes the bytes of a pod's log and tells its lines. A line that is longer than 64 KiB loses its end.
 * @param ends offsets at which a container's log ends, since its last line need not end
 */
export function lineSink(ends: readonly number[], onLine: (line: Buffer) => void): Writable {
  const stops = [...ends].sort((a, b) => a - b);
  let [offset, size] = [0, 0];
  let pieces: Buffer[] = [];
  const add = (bytes: Buffer) => {
    const room = bytes.subarray(0, Math.max(0, LONGEST - size));
    if (room.length > 0) pieces.push(room);
    size += room.length;
  };
  const flush = () => {
    if (size > 0) onLine(Buffer.concat(pieces));
    [pieces, size] = [[], 0];
  };
  const take = (bytes: Buffer) => {
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(0x0a, from);
      add(bytes.subarray(from, end === -1 ? bytes.length : end));
      if (end === -1) return;
      flush();
      from = end + 1;
    }
  };
  return new Writable({
    write(chunk: Buffer, _, done) {
      let from = 0;
      for (let stop = stops[0]; stop !== undefined && stop <= offset + chunk.length; stop = stops[0]) {
        take(chunk.subarray(from, stop - offset));
        flush();
        from = stop - offset;
        stops.shift();
      }
      take(chunk.subarray(from));
      offset += chunk.length;
      done();
    },
    final(done) {
      flush();
      done();
    },
  });
}
