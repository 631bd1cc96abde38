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
  /** Writes a new object. @throws {ObjectExists} instead of changing one that is there. */
  put(key: string, content: Readable | string): Promise<Digest>;
  /** Reads an object. @throws {UserError} when there is none. */
  get(key: string): Readable;
  /** Keys that begin with a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
  /** Writes, reads back and removes a small object. @throws {UserError} saying why the store cannot be written. */
  probe(): Promise<void>;
}

/** The object is in the store already, and records are not rewritten. */
export class ObjectExists extends UserError {
  constructor(readonly key: string) {
    super(`${key} is in the store already, and a record is never rewritten`);
    this.name = "ObjectExists";
  }
}
