import { atOnce } from "../lib/at-once";
import { bytesIn } from "../lib/bounded";
import { shown } from "../lib/errors";
import { isMissing, type Store } from "./contract";
import type { RecordKeys } from "./record-keys";
import { bodyOf, HEADER_BYTES, mayBegin, opened, otherName, type Proven } from "./seal";

/** Longest record, in bytes. The manifest of an archive of a thousand pods has less than one megabyte. */
export const LONGEST_RECORD = 32 << 20;

/** Requests at the same time. */
const AT_ONCE = 16;

/** Objects that are named as foreign. Somebody may add millions. */
const MOST_NAMED = 20;

/** Bodies that wait between a list and the reads that follow it, in bytes. */
const LARGEST_HANDOVER = 32 << 20;

/** A proven record, and where it is. */
export interface Found extends Proven {
  /** Name of the object that holds it. */
  readonly name: string;
}

/**
 * Reads records. A record is what a holder of the key sealed for its name. Of several objects that may hold it, the
 * first that is proven counts: the object of its name, else that of its other name. Anything else is foreign: it is
 * told once, and counts as absent.
 */
export class RecordReader {
  private readonly handover = new Map<string, Found>();
  private handed = 0;
  private readonly told = new Set<string>();

  constructor(
    private readonly inner: Pick<Store, "get">,
    private readonly keys: RecordKeys,
    private readonly tell: (line: string) => void,
  ) {}

  /** A record; undefined when there is none. @throws {UserError} when the store cannot be read */
  async find(key: string): Promise<Found | undefined> {
    const listed = this.handover.get(key);
    if (listed) {
      this.handover.delete(key);
      this.handed -= listed.body.length;
      return listed;
    }
    const first = await this.read(key, key);
    if (first === undefined || "body" in first) return first;
    for (const secret of this.keys) {
      const name = otherName(key, secret);
      const second = await this.read(name, key);
      if (second === undefined) continue;
      if ("body" in second) {
        // What a person adopted stands beside the object that was there before, which says the same.
        if (!first.text.equals(second.body)) this.report(key);
        return second;
      }
      this.report(name);
    }
    this.report(key);
    return undefined;
  }

  /** Of some keys those that hold a record. Reading one afterwards takes no second request. */
  async proven(keys: readonly string[]): Promise<string[]> {
    const found = await atOnce(keys, AT_ONCE, async (key) => {
      const record = await this.find(key);
      if (record && this.handed + record.body.length <= LARGEST_HANDOVER) {
        this.handover.set(key, record);
        this.handed += record.body.length;
      }
      return record !== undefined;
    });
    return keys.filter((_, i) => found[i]);
  }

  /**
   * Reads one object.
   * @returns a record of this key, or the text of what is none; undefined when there is no object
   */
  private async read(name: string, key: string): Promise<Found | { readonly text: Buffer } | undefined> {
    const chunks: Buffer[] = [];
    let size = 0;
    let isOurs = false;
    try {
      for await (const bytes of bytesIn(this.inner.get(name))) {
        chunks.push(bytes);
        size += bytes.length;
        isOurs ||= size >= HEADER_BYTES && mayBegin(key, Buffer.concat(chunks), this.keys);
        if (size > (isOurs ? LONGEST_RECORD : LONGEST_FOREIGN)) return { text: Buffer.alloc(0) };
      }
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const whole = Buffer.concat(chunks);
    const record = opened(key, whole, this.keys);
    return record ? { ...record, name } : { text: bodyOf(whole) };
  }

  private report(name: string): void {
    if (this.told.has(name) || this.told.size > MOST_NAMED) return;
    this.told.add(name);
    this.tell(
      this.told.size > MOST_NAMED
        ? "more objects in the store are no records of ours, and are ignored"
        : `${shown(name)} in the store is no record of ours: its seal does not hold, and it is ignored`,
    );
  }
}

/** So much is read of an object that does not begin as a record of ours, since an adopted one may stand beside it. */
const LONGEST_FOREIGN = 1 << 20;
