import type { Readable } from "node:stream";
import { UserError } from "../lib/errors";

/** Size and digest of an object in a store. */
export interface Digest {
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A place for records that are written once and never changed. */
export interface Store {
  /** Writes a new object. @throws {ObjectExists} when the key is taken; the object there stays as it is */
  put(key: string, content: Readable | string): Promise<Digest>;
  /** Reads an object. @throws {UserError} from the stream, when there is no such object */
  get(key: string): Readable;
  /** Keys that begin with a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  /** Checks with a small object that the store can be written and never overwrites. @throws {UserError} when not */
  probe(): Promise<void>;
}

/** Objects that several programs rewrite, such as the states of Pulumi. Records are never kept so. */
export interface Documents extends Pick<Store, "put" | "list"> {
  /** Undefined when there is no such object. */
  read(key: string): Promise<{ readonly bytes: Buffer; readonly version: string } | undefined>;
  /** Replaces one version by another. @returns false when the object is not in this version any more */
  replace(key: string, bytes: Buffer, version: string): Promise<boolean>;
  /** Removes an object, if there is one. */
  remove(key: string): Promise<void>;
}

/** The key is taken, and records are never rewritten. */
export class ObjectExists extends UserError {
  constructor(readonly key: string) {
    super(
      "ObjectExists",
      `${key} already exists in the store, and records are never rewritten.`,
      "Run the command again to continue with the existing record.",
    );
    this.name = "ObjectExists";
  }
}

/** The error for an object that is not in a store. */
export const objectMissing = (key: string, store: string): UserError =>
  new UserError(
    "ObjectMissing",
    `${key} is not in the store ${store}.`,
    "Check the setting `archive`, which names the store.",
  );

/** Whether an error says that an object is not in a store. */
export const isMissing = (error: unknown): boolean => error instanceof UserError && error.code === "ObjectMissing";

/** Writes a new object. @returns false when the key is taken; the object there stays as it is */
export async function putNew(store: Pick<Store, "put">, key: string, text: string): Promise<boolean> {
  try {
    await store.put(key, text);
    return true;
  } catch (error) {
    if (error instanceof ObjectExists) return false;
    throw error;
  }
}
