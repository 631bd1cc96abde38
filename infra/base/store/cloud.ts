import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { UserError } from "../lib/errors";
import { type Digest, ObjectExists, type Store } from "./contract";
import { digestOf, Meter, unbroken } from "./digest";

/** What a library has made of a fault. Its own words may hold anything but the credentials. */
export interface Fault {
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;
  /** In a few words. */
  readonly said: string;
}

/**
 * A bucket as a store. An object comes to be whole, and only where there is none: each write says so in its request, so
 * that of two writers the server lets one win. What is interrupted is no object. The library is loaded with the first
 * request, since that takes longer than most verbs.
 */
export abstract class CloudStore implements Store {
  /**
   * @param name of the store in messages, `s3://bucket/prefix`
   * @param prefix what all keys begin with
   * @param rights what to do when the store refuses
   */
  protected constructor(
    protected readonly name: string,
    protected readonly prefix: string,
    private readonly rights: string,
  ) {}

  /** Writes a new object, and fails with status 412 where there is one. */
  protected abstract write(name: string, content: Readable): Promise<void>;
  protected abstract read(name: string): Promise<AsyncIterable<Buffer>>;
  /** Names that begin with a prefix, in any order. */
  protected abstract names(prefix: string): AsyncIterable<string>;
  protected abstract remove(name: string): Promise<void>;
  /** What is to be told of an error of the library. */
  protected abstract faultOf(error: unknown): Fault;

  async put(key: string, content: Readable | string): Promise<Digest> {
    const meter = new Meter();
    const metered = async function* () {
      for await (const chunk of unbroken(key, content)) {
        const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        meter.count(bytes);
        yield bytes;
      }
    };
    try {
      await this.write(this.prefix + key, Readable.from(metered(), { objectMode: false }));
    } catch (error) {
      throw this.faultOf(error).status === 412 ? new ObjectExists(key) : this.explained("written", error);
    }
    return meter.digest();
  }

  get(key: string): Readable {
    return Readable.from(this.chunks(key), { objectMode: false });
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    try {
      for await (const name of this.names(this.prefix + prefix)) keys.push(name.slice(this.prefix.length));
    } catch (error) {
      throw this.explained("read", error);
    }
    return keys.sort();
  }

  /** Also writes a second time, which must be refused: not every server that speaks this protocol heeds the condition. */
  async probe(): Promise<void> {
    const key = `probe-${randomUUID()}`;
    const written = await this.put(key, "can this store be written?");
    try {
      const read = await digestOf(this.get(key));
      if (read.sha256 !== written.sha256)
        throw new UserError(`the archive store ${this.name} does not keep what it is given: use another`);
      const again = await this.put(key, "is this refused?").catch((error) => error);
      if (again instanceof ObjectExists) return;
      throw again instanceof Error
        ? again
        : new UserError(
            `the archive store ${this.name} lets objects be rewritten (it ignores If-None-Match): use another`,
          );
    } finally {
      await this.remove(this.prefix + key).catch(() => undefined); // who may only add to an archive may not remove
    }
  }

  private async *chunks(key: string): AsyncGenerator<Buffer> {
    try {
      yield* await this.read(this.prefix + key);
    } catch (error) {
      if (this.faultOf(error).status === 404 && !/bucket/i.test(this.faultOf(error).said))
        throw new UserError(`${key} is not in the store at ${this.name}`);
      throw this.explained("read", error);
    }
  }

  private explained(done: "read" | "written", error: unknown): UserError {
    if (error instanceof UserError) return error;
    const { status, said } = this.faultOf(error);
    return new UserError(`the archive store ${this.name} cannot be ${done} (${said}): ${this.remedy(status)}`);
  }

  private remedy(status: number): string {
    if (status === 404) return "make the bucket, or name one that is there";
    if ([301, 400].includes(status)) return "look at the store's URL: its region and endpoint must be the bucket's";
    if ([401, 403].includes(status)) return this.rights;
    return "look at the store's URL and the way there, and run this again";
  }
}
