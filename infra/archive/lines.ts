/** A time as the kubelet writes it before each line of a log: in nanoseconds, in UTC or with the offset of the node's zone. */
export const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)`;
const AT_START = new RegExp(`^(${STAMP}) `);
/** Characters of a stamp that was cut off. */
const CUT_STAMP = /^[\d.:TZ+-]+$/;
/** Bytes of the longest stamp with the blank after it. */
const HEAD = 36;
const [NEWLINE, BLANK, DASH, COLON, T] = [0x0a, 0x20, 0x2d, 0x3a, 0x54];
/** Bytes of the kubelet's longest error, with room: its paths hold names of up to 253 characters. */
const LONGEST_ERROR = 4096;

/**
 * Tells the text of a log from other text in an answer to a request for it. The kubelet sends its own errors in the body
 * of an answer with status 200 (kubernetes/kubernetes#142258), instead of a log or after a part of it. A log was asked
 * for with times, so a last line without one is not of the log. Such text before another line of the log is kept with it,
 * and so is a long one: the kubelet's error is the end of an answer, and short.
 */
export class LogText {
  /** Bytes of the log so far. */
  bytes = 0;
  /** Lines of the log that began so far. */
  lines = 0;
  /** Times of the first line and of the last one. */
  first: string | undefined;
  last: string | undefined;
  /** Time of the first line that begins at an offset or after it. */
  from: string | undefined;
  private held: Buffer = Buffer.alloc(0);
  private within: "start" | "line" | "foreign" = "start";
  private others: Buffer = Buffer.alloc(0);

  /** @param offset in bytes */
  constructor(private readonly offset = 0) {}

  /** The kubelet's text, if there was any; empty lines do not count. */
  get foreign(): string | undefined {
    return this.others.toString("utf8").trim() || undefined;
  }

  /** Takes bytes of the answer. @returns those of the log */
  take(chunk: Buffer): Buffer[] {
    const all = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    this.held = Buffer.alloc(0);
    const log: Buffer[] = [];
    let [begin, at] = [0, 0]; // of the stretch of the log that is not passed on yet
    let latest: number | undefined;
    const pass = (end: number) => {
      if (end > begin) log.push(all.subarray(begin, end));
      this.bytes += Math.max(0, end - begin);
    };
    while (at < all.length) {
      const newline = all.indexOf(NEWLINE, at);
      if (this.within === "start") {
        if (newline === -1 && all.length - at < HEAD) {
          this.held = Buffer.from(all.subarray(at));
          break;
        }
        const isLog = isStamped(all, at);
        if (isLog) {
          if (this.others.length > 0) log.push(this.released());
          this.began(all, at, this.bytes + at - begin);
          latest = at;
        } else pass(at);
        this.within = isLog ? "line" : "foreign";
      }
      const end = newline === -1 ? all.length : newline + 1;
      if (this.within === "foreign") {
        this.others = Buffer.concat([this.others, all.subarray(at, end)]);
        begin = end;
        if (this.others.length > LONGEST_ERROR) {
          log.push(this.released());
          this.within = "line";
        }
      }
      at = end;
      if (newline !== -1) this.within = "start";
    }
    pass(at);
    if (latest !== undefined) this.last = stampAt(all, latest);
    return log;
  }

  /** Ends the answer. @returns the last bytes of the log */
  end(): Buffer[] {
    const { held } = this;
    this.held = Buffer.alloc(0);
    if (held.length === 0) return [];
    const isStampedLine = isStamped(held, 0);
    const isCutStamp = this.others.length === 0 && CUT_STAMP.test(held.toString("latin1"));
    if (!isStampedLine && !isCutStamp) {
      this.others = Buffer.concat([this.others, held]);
      return [];
    }
    const log = this.others.length > 0 && isStampedLine ? [this.released()] : [];
    if (isStampedLine) {
      this.began(held, 0, this.bytes);
      this.last = stampAt(held, 0);
    }
    this.bytes += held.length;
    return [...log, held];
  }

  private began(all: Buffer, at: number, offset: number): void {
    this.lines += 1;
    if (this.first === undefined) this.first = stampAt(all, at);
    if (this.from === undefined && offset >= this.offset) this.from = stampAt(all, at);
  }

  /** Text that is of the log after all. */
  private released(): Buffer {
    const released = this.others;
    this.others = Buffer.alloc(0);
    this.bytes += released.length;
    return released;
  }
}

/** Whether a time begins at an offset. Logs have millions of lines: the bytes tell most of it. */
function isStamped(bytes: Buffer, at: number): boolean {
  const isDated = bytes[at + 4] === DASH && bytes[at + 7] === DASH && bytes[at + 10] === T;
  if (!isDated || bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return false;
  const blank = bytes.indexOf(BLANK, at + 19);
  return blank !== -1 && blank < at + HEAD && stampAt(bytes, at) !== undefined;
}

const stampAt = (bytes: Buffer, at: number): string | undefined =>
  AT_START.exec(bytes.toString("latin1", at, at + HEAD))?.[1];
