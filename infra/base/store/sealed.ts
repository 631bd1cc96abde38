import { Readable } from "node:stream";
import { Beginning } from "./beginning";
import { type Digest, isMissing, ObjectExists, objectMissing, type Store } from "./contract";
import type { RecordKeys } from "./record-keys";
import { kindOf } from "./record-kinds";
import { RecordReader } from "./record-reader";
import { writeRecord } from "./record-writer";
import { isOtherName, otherName } from "./seal";

/**
 * The one way to a store. What is read as a record was sealed by a holder of the key, for that name. What anybody else
 * added is told once and counts as absent, wherever it lies.
 */
export class SealedStore implements Store {
  private readonly reader: RecordReader;
  private readonly beginning: Beginning;
  /** Somebody takes the names of our objects, so other names are used. */
  private isContested = false;

  /**
   * @param name of the store in messages
   * @param tell takes a line for each object that is ignored
   */
  constructor(
    private readonly inner: Store,
    private readonly name: string,
    private readonly keys: RecordKeys,
    tell: (line: string) => void,
  ) {
    this.reader = new RecordReader(inner, keys, tell);
    this.beginning = new Beginning({ inner, keys, reader: this.reader });
  }

  async put(key: string, content: Readable | string): Promise<Digest> {
    if (isOtherName(key)) throw new Error(`${key} has the form of another name`);
    if (kindOf(key) === "bulk") return this.putBulk(key, content);
    await this.beginning.begin();
    return writeRecord({ inner: this.inner, keys: this.keys, reader: this.reader }, key, content);
  }

  get(key: string): Readable {
    return Readable.from(kindOf(key) === "bulk" ? this.bulk(key) : this.record(key), { objectMode: false });
  }

  async list(prefix: string): Promise<string[]> {
    const names = this.logical(await this.inner.list(prefix));
    const records = names.filter((name) => kindOf(name) === "record");
    if (names.some((name) => kindOf(name) !== "bulk")) await this.beginning.require();
    const proven = new Set(await this.reader.proven(records));
    return names.filter((name) => kindOf(name) !== "record" || proven.has(name));
  }

  probe(): Promise<void> {
    return this.inner.probe();
  }

  /** Keys for the names of objects; bulk may have its other name only. */
  private logical(names: readonly string[]): string[] {
    const keys = names.flatMap((name) => {
      if (!isOtherName(name)) return [name];
      const key = name.slice(0, name.lastIndexOf("~"));
      return kindOf(key) === "bulk" && this.keys.some((secret) => otherName(key, secret) === name) ? [key] : [];
    });
    return [...new Set(keys)].sort();
  }

  private async *record(key: string): AsyncGenerator<Buffer> {
    await this.beginning.require();
    const found = await this.reader.find(key);
    if (!found) throw objectMissing(key, this.name);
    yield found.body;
  }

  /**
   * A stream cannot be sent twice. So a name that is taken fails once, and from then on all objects get names that
   * nobody can guess.
   */
  private async putBulk(key: string, content: Readable | string): Promise<Digest> {
    const [secret] = this.keys;
    if (this.isContested) return this.inner.put(otherName(key, secret), content);
    try {
      return await this.inner.put(key, content);
    } catch (error) {
      if (!(error instanceof ObjectExists)) throw error;
      this.isContested = true;
      if (typeof content !== "string") throw error;
      return this.inner.put(otherName(key, secret), content);
    }
  }

  /** Only we can write to the other name, so it counts before the name itself. */
  private async *bulk(key: string): AsyncGenerator<Buffer> {
    for (const secret of this.keys) {
      try {
        yield* this.inner.get(otherName(key, secret));
        return;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    yield* this.inner.get(key);
  }
}
