import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../lib/errors";
import { type Digest, type Documents, ObjectExists, objectMissing, type Store } from "./contract";
import { Meter, unbroken } from "./digest";
import { probeStore } from "./probe";

/** What a library reports of a failed request. Its text never holds credentials. */
export interface Fault {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The library's text, in one line. */
  readonly text: string;
  /**
   * What a status alone does not tell: the credentials have expired, a clock is wrong, there were too many requests, or
   * somebody else writes the same object.
   */
  readonly kind?: "expired" | "clock" | "slow" | "conflict";
  /** Seconds by which this machine's clock is ahead of the server's; negative when it is behind. */
  readonly ahead?: number;
}

/** Waits between tries of a write that met another one of the same object, in seconds. */
const CONFLICT_PAUSES = [0.1, 0.3, 0.8];

/**
 * A bucket as a store. An object appears whole or not at all. Each write asks the server to refuse it when the key is
 * taken, so the server lets one of two writers win. The library is loaded with the first request, because that takes
 * longer than most commands.
 */
export abstract class CloudStore implements Store, Documents {
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
  protected abstract chunksOf(name: string): Promise<AsyncIterable<Buffer>>;
  /** Names that begin with a prefix, in any order. */
  protected abstract names(prefix: string): AsyncIterable<string>;
  protected abstract delete(name: string): Promise<void>;
  /** An object with its version. Fails with status 404 when there is none. */
  protected abstract readVersion(name: string): Promise<{ readonly bytes: Buffer; readonly version: string }>;
  /** Fails with status 412 when the object is not in this version. */
  protected abstract writeVersion(name: string, bytes: Buffer, version: string): Promise<void>;
  /** Reads an error of the library. */
  protected abstract faultOf(error: unknown): Fault;

  async put(key: string, content: Readable | string): Promise<Digest> {
    for (const pause of CONFLICT_PAUSES) {
      try {
        return await this.putOnce(key, content);
      } catch (error) {
        // A text can be sent again, a stream is spent. The other writer then has its object there, or failed.
        if (!(error instanceof UserError && error.code === "StoreConflict") || typeof content !== "string") throw error;
        await delay(pause * 1000);
      }
    }
    return this.putOnce(key, content);
  }

  private async putOnce(key: string, content: Readable | string): Promise<Digest> {
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
      const { status, kind, text } = this.faultOf(error);
      if (kind === "conflict") throw conflict(this.name, key, text);
      throw status === 412 ? new ObjectExists(key) : this.unwritable(error);
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
      remove: (key) => this.delete(this.prefix + key),
    });
  }

  async read(key: string): Promise<{ readonly bytes: Buffer; readonly version: string } | undefined> {
    try {
      return await this.readVersion(this.prefix + key);
    } catch (error) {
      if (this.isMissing(error)) return undefined;
      throw this.unreadable(error);
    }
  }

  async replace(key: string, bytes: Buffer, version: string): Promise<boolean> {
    try {
      await this.writeVersion(this.prefix + key, bytes, version);
      return true;
    } catch (error) {
      if ([409, 412].includes(this.faultOf(error).status) || this.isMissing(error)) return false;
      throw this.unwritable(error);
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.delete(this.prefix + key);
    } catch (error) {
      if (!this.isMissing(error)) throw this.unwritable(error);
    }
  }

  private async *chunks(key: string): AsyncGenerator<Buffer> {
    try {
      yield* await this.chunksOf(this.prefix + key);
    } catch (error) {
      throw this.isMissing(error) ? objectMissing(key, this.name) : this.unreadable(error);
    }
  }

  /** Whether an object is missing, and not the whole bucket. */
  private isMissing(error: unknown): boolean {
    const { status, text } = this.faultOf(error);
    return status === 404 && !/bucket/i.test(text);
  }

  private unwritable(error: unknown): UserError {
    if (error instanceof UserError) return error;
    const fault = this.faultOf(error);
    return new UserError(
      "StoreUnwritable",
      `The store ${this.name} cannot be written (${fault.text}).`,
      this.fixOf(fault),
    );
  }

  private unreadable(error: unknown): UserError {
    if (error instanceof UserError) return error;
    const fault = this.faultOf(error);
    return new UserError(
      "StoreUnreadable",
      `The store ${this.name} cannot be read (${fault.text}).`,
      this.fixOf(fault),
    );
  }

  private fixOf({ status, kind, ahead }: Fault): string {
    if (kind === "expired") return "The credentials have expired: get new ones, then run the command again.";
    if (kind === "clock") return `This machine's clock is wrong${wrongBy(ahead)}. Set it, then run the command again.`;
    if (kind === "slow") return "The store has too many requests: run the command again in a few minutes.";
    if (status === 404) return "Create the bucket, or use an existing one.";
    if ([301, 400].includes(status)) return "Check the region and the endpoint in the store's URL.";
    if ([401, 403].includes(status)) return this.permissions;
    return "Check the store's URL and the network, then run the command again.";
  }
}

const conflict = (store: string, key: string, text: string): UserError =>
  new UserError(
    "StoreConflict",
    `Another run writes ${key} in the store ${store} at the same time (${text}).`,
    "Run the command again to continue with what is there then.",
  );

/** ` by 17 minutes, by the server's date`; empty when nothing is known, or less than a minute. */
function wrongBy(ahead = 0): string {
  const minutes = Math.round(Math.abs(ahead) / 60);
  if (minutes === 0) return "";
  return ` by ${minutes} minutes, by the server's date: it is ${ahead > 0 ? "fast" : "slow"}`;
}
