import { Readable } from "node:stream";
import { ObjectExists, type Store } from "../../infra/base/store/contract";

/** A store of records in memory. */
export class MemoryStore implements Store {
  readonly objects = new Map<string, string>();

  async put(key: string, content: Readable | string) {
    if (this.objects.has(key)) throw new ObjectExists(key);
    this.objects.set(key, String(content));
    return { bytes: 0, sha256: "" };
  }
  get = (key: string) => Readable.from([Buffer.from(this.objects.get(key) ?? "")], { objectMode: false });
  list = async (prefix: string) => [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  probe = async () => undefined;
}
