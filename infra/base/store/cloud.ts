import { Readable } from "node:stream";
import { UserError } from "../lib/errors";
import { type Digest, ObjectExists, objectMissing, type Store } from "./contract";
import { Meter, unbroken } from "./digest";
import { probeStore } from "./probe";

/** What a library reports of a failed request. Its text never holds credentials. */
export interface Fault {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The library's text, in one line. */
  readonly text: string;
}

/**
 * A bucket as a store. An object appears whole or not at all. Each write asks the server to refuse it when the key is
 * taken, so the server lets one of two writers win. The library is loaded with the first request, because that takes
 * longer than most commands.
 */
export abstract class CloudStore implements Store {
  /**
   * @param name of the store in messages: `s3://bucket/prefix`
   * @param prefix which all keys have in the bucket
   * @param permissions says what to do when the server refuses the credentials
   */
  protected constructor(
    protected readonly name: string,
    protected readonly prefix: string,
    private readonly permissions: string,
  ) {}

  /** Writes a new object. Fails with status 412 when the name is taken. */
  protected abstract write(name: string, content: Readable): Promise<void>;
  protected abstract read(name: string): Promise<AsyncIterable<Buffer>>;
  /** Names that begin with a prefix, in any order. */
  protected abstract names(prefix: string): AsyncIterable<string>;
  protected abstract remove(name: string): Promise<void>;
  /** Reads an error of the library. */
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
      throw this.faultOf(error).status === 412 ? new ObjectExists(key) : this.unwritable(error);
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
      throw this.unreadable(error);
    }
    return keys.sort();
  }

  probe(): Promise<void> {
    return probeStore(this.name, {
      put: (key, content) => this.put(key, content),
      get: (key) => this.get(key),
      remove: (key) => this.remove(this.prefix + key),
    });
  }

  private async *chunks(key: string): AsyncGenerator<Buffer> {
    try {
      yield* await this.read(this.prefix + key);
    } catch (error) {
      const { status, text } = this.faultOf(error);
      if (status === 404 && !/bucket/i.test(text)) throw objectMissing(key, this.name);
      throw this.unreadable(error);
    }
  }

  private unwritable(error: unknown): UserError {
    if (error instanceof UserError) return error;
    const { status, text } = this.faultOf(error);
    return new UserError("StoreUnwritable", `The store ${this.name} cannot be written (${text}).`, this.fixOf(status));
  }

  private unreadable(error: unknown): UserError {
    if (error instanceof UserError) return error;
    const { status, text } = this.faultOf(error);
    return new UserError("StoreUnreadable", `The store ${this.name} cannot be read (${text}).`, this.fixOf(status));
  }

  private fixOf(status: number): string {
    if (status === 404) return "Create the bucket, or use an existing one.";
    if ([301, 400].includes(status)) return "Check the region and the endpoint in the store's URL.";
    if ([401, 403].includes(status)) return this.permissions;
    return "Check the store's URL and the network, then run the command again.";
  }
}
