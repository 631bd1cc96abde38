import { createHash, randomUUID } from "node:crypto";
import type { Dirent } from "node:fs";
import { link, mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { boundedFile, boundedTextFile, LIMITS } from "../../lib/bounded";
import { UserError } from "../../lib/errors";
import type { BackendFiles, Version } from "./files";
import { type LockFile, readLock } from "./lock";

/** Where drafts and locks on their way out lie: the engine reads no such folder, and it is on the same disk. */
export const APART = "smeshnet";

/** The engine writes such a file beside each document, and passes over it in lists (gocloud.dev/blob/fileblob). */
const ATTRIBUTES = ".attrs";

/** File systems on disks or in memory of this machine, by their numbers (Linux's magic.h): ext, XFS, Btrfs, tmpfs, ZFS. */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x2fc12fc1];

/** The files of a backend that is a folder. */
export class FolderFiles implements BackendFiles {
  private readonly root: string;

  constructor(folder: string) {
    this.root = join(folder, ".pulumi");
  }

  async locks(folder: string): Promise<LockFile[]> {
    const options = { recursive: true, withFileTypes: true } as const;
    const entries = await readdir(join(this.root, folder), options).catch(orNone<Dirent[]>([]));
    const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(ATTRIBUTES));
    if (files.length === 0) return [];
    const isLocal = LOCAL.includes((await statfs(this.root)).type);
    const locks = files.map(async ({ parentPath, name }): Promise<LockFile[]> => {
      try {
        const file = join(parentPath, name);
        const key = relative(this.root, file);
        const [text, { mtimeMs }] = [await boundedTextFile(file, LIMITS.own), await stat(file)];
        return [{ key, text, lock: readLock(text), written: mtimeMs, isLocal }];
      } catch (error) {
        return orNone<LockFile[]>([])(error); // given back in the meantime
      }
    });
    return (await Promise.all(locks)).flat();
  }

  async create(key: string, text: string): Promise<void> {
    await this.put(key, Buffer.from(text)).catch(unwritable);
  }

  /** The file is set aside before it is compared, so that nobody writes it in between. */
  async remove(key: string, text: string): Promise<void> {
    const file = join(this.root, key);
    if ((await boundedTextFile(file, LIMITS.own).catch(orNone(undefined))) !== text) return;
    const aside = await this.apart();
    if ((await rename(file, aside).catch(orNone("gone"))) === "gone") return;
    if ((await boundedTextFile(aside, LIMITS.own)) === text) await rm(`${file}${ATTRIBUTES}`, { force: true });
    else await link(aside, file);
    await rm(aside, { force: true });
  }

  async read(key: string): Promise<Version | undefined> {
    const bytes = await boundedFile(join(this.root, key), LIMITS.own).catch(orNone(undefined));
    return bytes && { bytes, version: createHash("sha256").update(bytes).digest("hex") };
  }

  async replace(key: string, bytes: Buffer, present: Version): Promise<boolean> {
    if ((await this.read(key))?.version !== present.version) return false;
    await this.put(`${key}.bak`, present.bytes).catch(unwritable); // as the engine does
    if ((await this.read(key))?.version !== present.version) return false;
    await this.put(key, bytes).catch(unwritable);
    await rm(join(this.root, `${key}${ATTRIBUTES}`), { force: true }); // it holds a sum of the version before
    return true;
  }

  private async put(key: string, bytes: Buffer): Promise<void> {
    const draft = await this.apart();
    try {
      await written(draft, bytes);
      await mkdir(dirname(join(this.root, key)), { recursive: true });
      await rename(draft, join(this.root, key));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  private async apart(): Promise<string> {
    await mkdir(join(this.root, APART), { recursive: true });
    return join(this.root, APART, randomUUID());
  }
}

/** Writes a new file through to the disk. */
async function written(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @throws {UserError} for a backend that cannot be written, such as a full disk */
function unwritable(error: Error): never {
  throw new UserError(
    "BackendUnwritable",
    `The Pulumi backend cannot be written (${error.message}).`,
    "Check its permissions and its disk, then run the command again.",
  );
}

const orNone =
  <T>(none: T) =>
  (error: unknown): T => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return none;
    throw error;
  };
