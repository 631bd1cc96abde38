import type { Documents } from "../../store/contract";
import type { BackendFiles, Version } from "./files";
import { type LockFile, readLock } from "./lock";

/** The files of a backend that is a bucket. A write or a removal is refused when the object has changed. */
export class BucketFiles implements BackendFiles {
  constructor(private readonly documents: Documents) {}

  async locks(folder: string): Promise<LockFile[]> {
    const keys = await this.documents.list(`${folder}/`);
    const locks = keys.map(async (key): Promise<LockFile[]> => {
      const found = await this.documents.read(key);
      if (!found) return [];
      const text = found.bytes.toString("utf8");
      return [{ key, text, lock: readLock(text), isLocal: false }];
    });
    return (await Promise.all(locks)).flat();
  }

  async create(key: string, text: string): Promise<void> {
    await this.documents.put(key, text);
  }

  /** No two locks have the same name, so what was compared is what is removed. */
  async remove(key: string, text: string): Promise<void> {
    if ((await this.documents.read(key))?.bytes.toString("utf8") === text) await this.documents.remove(key);
  }

  read(key: string): Promise<Version | undefined> {
    return this.documents.read(key);
  }

  replace(key: string, bytes: Buffer, { version }: Version): Promise<boolean> {
    return this.documents.replace(key, bytes, version);
  }
}
