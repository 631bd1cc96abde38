import { Readable } from "node:stream";
import { sha256Of } from "../../infra/base/lib/sha256";
import { type Digest, ObjectExists, objectMissing, type Store } from "../../infra/base/store/contract";

/** A bucket in memory, without seals: what a server does, and all that somebody with the right to add may do. */
export class Bucket implements Store {
  readonly objects = new Map<string, Buffer>();
  /** Sees each name just before an object is written there, and just after. */
  before: (name: string) => void = () => undefined;
  after: (name: string) => void = () => undefined;
  requests = 0;

  async put(key: string, content: Readable | string): Promise<Digest> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of typeof content === "string" ? [content] : content) chunks.push(Buffer.from(chunk));
    this.before(key);
    if (this.objects.has(key)) throw new ObjectExists(key);
    const bytes = Buffer.concat(chunks);
    this.objects.set(key, bytes);
    this.after(key);
    return { bytes: bytes.length, sha256: sha256Of(bytes) };
  }

  get(key: string): Readable {
    this.requests += 1;
    const content = this.objects.get(key);
    const read = async function* () {
      if (content === undefined) throw objectMissing(key, "bucket");
      for (let from = 0; from < content.length; from += 65_536) yield content.subarray(from, from + 65_536);
    };
    return Readable.from(read(), { objectMode: false });
  }

  async list(prefix: string): Promise<string[]> {
    this.requests += 1;
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async probe(): Promise<void> {}

  /** What anybody may do who may add objects: nothing happens when the name is taken. */
  add(key: string, content: string | Buffer): void {
    if (!this.objects.has(key)) this.objects.set(key, Buffer.from(content));
  }
}
