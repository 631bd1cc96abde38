import type { Faults } from "../faults";
import type { HeldWrite, StateFile } from "../state";
import type { WorkerRuntime } from "./runtime";

/** A stored value. */
export interface KvValue {
  readonly value: Buffer;
  readonly metadata: unknown;
}

/** A key in a list. */
export interface KvKey {
  readonly name: string;
  readonly expiration?: number;
  readonly metadata?: unknown;
}

/**
 * The account's KV values as the API sees them. A write reaches the Workers at once. The fault `staleKv` holds writes
 * back from the Workers, and lists lag with them.
 */
export class KvStore {
  #released: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly runtime: WorkerRuntime,
    private readonly file: StateFile,
    private readonly faults: Faults,
  ) {}

  /** The value of a key; undefined when the key does not exist. */
  async get(namespace: string, key: string): Promise<KvValue | undefined> {
    await this.release();
    const held = this.file.state.held.findLast((write) => write.namespace === namespace && write.key === key);
    if (held)
      return held.value === null ? undefined : { value: Buffer.from(held.value, "base64"), metadata: held.metadata };
    return this.runtime.kv(namespace, async (kv) => {
      const { value, metadata } = await kv.getWithMetadata(key, "arrayBuffer");
      return value === null ? undefined : { value: Buffer.from(value), metadata };
    });
  }

  /** Stores and deletes values, in the given order. */
  async write(writes: readonly HeldWrite[]): Promise<void> {
    await this.release();
    if (!this.faults.now().staleKv) return this.#apply(writes);
    this.file.state.held.push(...writes);
    this.file.save();
  }

  /** One page of the keys with a prefix. `cursor` is empty on the last page. */
  async list(namespace: string, prefix: string, limit: number, cursor: string | null) {
    await this.release();
    return this.runtime.kv(namespace, async (kv) => {
      const page = await kv.list({ prefix, limit, cursor });
      return { keys: page.keys as readonly KvKey[], cursor: page.list_complete ? "" : page.cursor };
    });
  }

  /** Passes held writes to the Workers once `staleKv` is off. */
  release(): Promise<void> {
    const release = this.#released.then(async () => {
      const { state } = this.file;
      if (state.held.length === 0 || this.faults.now().staleKv) return;
      const held = [...state.held];
      await this.#apply(held);
      state.held = state.held.slice(held.length);
      this.file.save();
    });
    this.#released = release.catch(() => {}); // the caller gets the error; the next call tries again
    return release;
  }

  async #apply(writes: readonly HeldWrite[]): Promise<void> {
    for (const { namespace, key, value, metadata, expiration } of writes) {
      await this.runtime.kv(namespace, async (kv) => {
        if (value === null) await kv.delete(key);
        else await kv.put(key, Buffer.from(value, "base64"), { metadata: metadata ?? undefined, expiration });
      });
    }
  }
}
