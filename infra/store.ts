import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type Duplex, PassThrough, Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { UserError } from "./user-error";

/** Size and digest of an object in a store. */
export interface Digest {
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A place for records that are written once and never changed. */
export interface Store {
  /** Writes a new object. @throws {ObjectExists} instead of changing one that is there. */
  put(key: string, content: Readable | string): Promise<Digest>;
  /** Reads an object. @throws {UserError} when there is none. */
  get(key: string): Readable;
  /** Keys that begin with a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  /** Writes, reads back and removes a small object. @throws {UserError} saying why the store cannot be written. */
  probe(): Promise<void>;
}

/** The object is in the store already, and records are not rewritten. */
export class ObjectExists extends UserError {
  constructor(readonly key: string) {
    super(`${key} is in the store already, and a record is never rewritten`);
    this.name = "ObjectExists";
  }
}

/** Opens the store behind a URL. @throws {UserError} for a URL of a kind we do not know. */
export function openStore(url: string): Store {
  if (url.startsWith("file:///")) return new FolderStore(fileURLToPath(url));
  throw new UserError(`"${url}" is not a store: write file:///absolute/folder`, 2);
}

/** A stream that digests what passes through it. */
export function digesting(): { stream: Transform; digest(): Digest } {
  const meter = new Meter();
  return { stream: meter, digest: () => meter.digest() };
}

/**
 * Reads all of a stream, keeping nothing but its size and digest.
 * @param through what to pass it through first, e.g. to unpack it
 */
export async function digestOf(content: Readable, through: Duplex = new PassThrough()): Promise<Digest> {
  const meter = new Meter();
  await pipeline(content, through, meter, async (chunks) => {
    for await (const _ of chunks);
  });
  return meter.digest();
}

/** Reads a small object as text. */
export async function textOf(content: Readable): Promise<string> {
  let text = "";
  for await (const chunk of content.setEncoding("utf8")) text += chunk;
  return text;
}

/** Objects as files below a folder. An object appears whole or not at all: it is written beside and then linked. */
class FolderStore implements Store {
  constructor(private readonly folder: string) {}

  async put(key: string, content: Readable | string): Promise<Digest> {
    const file = join(this.folder, key);
    const draft = `${file}.${randomUUID()}.part`;
    const meter = new Meter();
    await this.write(() => mkdir(dirname(file), { recursive: true }));
    try {
      await this.write(() =>
        pipeline(whole(key, content), meter, createWriteStream(draft, { flags: "wx", flush: true })),
      );
      await this.write(() => this.appear(draft, key));
    } finally {
      await rm(draft, { force: true });
    }
    return meter.digest();
  }

  get(key: string): Readable {
    return Readable.from(this.read(key), { objectMode: false });
  }

  async list(prefix: string): Promise<string[]> {
    const all = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw new UserError(`the archive store ${this.folder} cannot be read (${error.message}): ${remedy(error)}`);
      },
    );
    return all
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".part"))
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)))
      .filter((key) => key.startsWith(prefix))
      .sort();
  }

  async probe(): Promise<void> {
    const key = `probe-${randomUUID()}`;
    const written = await this.put(key, "can this store be written?");
    try {
      const read = await digestOf(this.get(key));
      if (read.sha256 !== written.sha256)
        throw new UserError(`the archive store ${this.folder} does not keep what it is given`);
    } finally {
      await rm(join(this.folder, key), { force: true });
    }
  }

  /** Unlike a rename, a link refuses when the object exists. */
  private async appear(draft: string, key: string): Promise<void> {
    try {
      await link(draft, join(this.folder, key));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "EEXIST" ? new ObjectExists(key) : error;
    }
  }

  private async *read(key: string): AsyncGenerator<Buffer> {
    try {
      yield* createReadStream(join(this.folder, key));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") throw new UserError(`${key} is not in the store at ${this.folder}`);
      throw new UserError(`${key} cannot be read from the store at ${this.folder} (${message})`);
    }
  }

  private async write(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { message } = error as Error;
      throw new UserError(`the archive store ${this.folder} cannot be written (${message}): ${remedy(error as Error)}`);
    }
  }
}

/** What to do about a fault of the folder. Pure. */
function remedy({ code = "" }: NodeJS.ErrnoException): string {
  if (["ENOSPC", "EDQUOT"].includes(code)) return "make room and run this again";
  if (["EEXIST", "ENOTDIR"].includes(code)) return "there must be a folder at its place, or none yet";
  return "fix its rights and run this again";
}

/** Passes content on. @throws {UserError} when it breaks off, which is no fault of the store. */
async function* whole(key: string, content: Readable | string): AsyncGenerator<Buffer | string> {
  try {
    if (typeof content === "string") yield content;
    else yield* content;
  } catch (error) {
    throw new UserError(`${key} could not be kept (${(error as Error).message}): run this again`);
  }
}

/** Counts and digests what passes through. */
class Meter extends Transform {
  private bytes = 0;
  private readonly hash = createHash("sha256");

  override _transform(chunk: Buffer | string, encoding: BufferEncoding, done: (e: null, chunk: Buffer) => void): void {
    const buffer = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    this.bytes += buffer.length;
    this.hash.update(buffer);
    done(null, buffer);
  }

  digest(): Digest {
    return { bytes: this.bytes, sha256: this.hash.digest("hex") };
  }
}
