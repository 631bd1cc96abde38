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
