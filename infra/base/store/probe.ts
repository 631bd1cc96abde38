import { randomUUID } from "node:crypto";
import { UserError } from "../lib/errors";
import { ObjectExists, type Store } from "./contract";
import { digestOf } from "./digest";

/** What the probe needs of a store. Nothing else may remove an object. */
export interface ProbedStore extends Pick<Store, "put" | "get"> {
  remove(key: string): Promise<void>;
}

/**
 * Checks a store with a small object: it must be readable as it was written, and a second write must be refused. Some
 * servers that speak S3's protocol ignore the condition of a write, and so may file systems on a network.
 * @param name of the store, as an error names it: `s3://bucket/prefix`
 * @throws {UserError} when the store fails
 */
export async function probeStore(name: string, store: ProbedStore): Promise<void> {
  const key = `probe-${randomUUID()}`;
  const written = await store.put(key, "can this store be written?");
  try {
    const read = await digestOf(store.get(key));
    if (read.sha256 !== written.sha256) {
      throw new UserError(
        "StoreInconsistent",
        `The store ${name} returns other content than was written.`,
        "Use another store.",
      );
    }
    await refusesToOverwrite(name, store, key);
  } finally {
    await store.remove(key).catch(() => undefined); // permission to write need not include permission to remove
  }
}

async function refusesToOverwrite(name: string, store: ProbedStore, key: string): Promise<void> {
  try {
    await store.put(key, "is this refused?");
  } catch (error) {
    if (error instanceof ObjectExists) return;
    throw error;
  }
  throw new UserError(
    "StoreOverwrites",
    `The store ${name} overwrites objects, although each write asks for a new one.`,
    "Use another store.",
  );
}
