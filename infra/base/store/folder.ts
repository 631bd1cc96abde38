import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../lib/errors";
import { type Digest, ObjectExists, objectMissing, type Store } from "./contract";
import { Meter, unbroken } from "./digest";
import { probeStore } from "./probe";

/** Objects as files below a folder. An object appears whole or not at all: it is written as a draft and then linked. */
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
        throw new UserError(
          "StoreUnreadable",
          `The store ${this.folder} cannot be read (${error.message}).`,
          fixOf(error),
        );
      },
    );
    return all
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".part"))
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)))
      .filter((key) => key.startsWith(prefix))
      .sort();
  }

  probe(): Promise<void> {
    return probeStore(this.folder, {
      put: (key, content) => this.put(key, content),
      get: (key) => this.get(key),
      remove: (key) => rm(join(this.folder, key), { force: true }),
    });
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
      if (code === "ENOENT" || code === "EISDIR") throw objectMissing(key, this.folder);
      throw new UserError(
        "ObjectUnreadable",
        `${key} cannot be read from the store ${this.folder} (${message}).`,
        "Check the permissions of the file and its disk, then run the command again.",
      );
    }
  }

  private async write(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof UserError) throw error;
      const fault = error as NodeJS.ErrnoException;
      throw new UserError(
        "StoreUnwritable",
        `The store ${this.folder} cannot be written (${fault.message}).`,
        fixOf(fault),
      );
    }
  }
}

function fixOf({ code = "" }: NodeJS.ErrnoException): string {
  if (["ENOSPC", "EDQUOT"].includes(code)) return "Free some disk space, then run the command again.";
  if (["EEXIST", "ENOTDIR"].includes(code)) return "Use the path of a folder, or one that does not exist yet.";
  return "Check the permissions of the folder, then run the command again.";
}
