import { Readable } from "node:stream";
import { sha256Of } from "../../../infra/base/lib/sha256";
import { type Digest, ObjectExists, objectMissing, type Store } from "../../../infra/base/store/contract";

/** A store of bytes in memory. */
export class MemoryStore implements Store {
  readonly objects = new Map<string, Buffer>();
  /** Puts until the process that writes is killed. */
  putsLeft = Number.POSITIVE_INFINITY;

  async put(key: string, content: Readable | string): Promise<Digest> {
    if (this.putsLeft <= 0) throw new Killed();
    this.putsLeft -= 1;
    const pieces: Buffer[] = [];
    if (typeof content === "string") pieces.push(Buffer.from(content));
    else for await (const piece of content) pieces.push(piece as Buffer);
    const bytes = Buffer.concat(pieces);
    if (this.objects.has(key)) throw new ObjectExists(key);
    this.objects.set(key, bytes);
    return { bytes: bytes.length, sha256: sha256Of(bytes) };
  }

  get(key: string): Readable {
    const bytes = this.objects.get(key);
    return Readable.from(
      (function* () {
        if (!bytes) throw objectMissing(key, "memory");
        yield bytes;
      })(),
      { objectMode: false },
    );
  }

  async list(prefix: string): Promise<string[]> {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async probe(): Promise<void> {}
}

/** The end of a process by kill -9. */
export class Killed extends Error {}
