import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../lib/errors";
import { type Digest, ObjectExists, type Store } from "./contract";
import { digestOf, Meter, unbroken } from "./digest";

/** Objects as files below a folder. An object appears whole or not at all: it is written beside and then linked. */
export class FolderStore implements Store {
  constructor(private readonly folder: string) {}

  async put(key: string, content: Readable | string): Promise<Digest> {
    const file = join(this.folder, key);
    const draft = `${file}.${randomUUID()}.part`;
    const meter = new Meter();
    await this.write(() => mkdir(dirname(file), { recursive: true }));
    try {
      await this.write(() =>
        pipeline(unbroken(key, content), meter, createWriteStream(draft, { flags: "wx", flush: true })),
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
