import type { LockFile } from "./lock";

/** A file of a backend, with what tells this version of it from all others. */
export interface Version {
  readonly bytes: Buffer;
  readonly version: string;
}

/**
 * The files of a backend that is a folder or a bucket (Pulumi's backend/diy). Keys are relative to its `.pulumi`, such
 * as `locks/organization/smeshnet/1_2_3_1/UUID.json`.
 */
export interface BackendFiles {
  /** All locks in a folder and below it, also those that are being written: each of them stops the engine. */
  locks(folder: string): Promise<LockFile[]>;
  /** Writes a new file in one go. */
  create(key: string, text: string): Promise<void>;
  /** Removes a file if it has this text. One that is gone, or has another text, is left alone. */
  remove(key: string, text: string): Promise<void>;
  /** Undefined when there is no such file. */
  read(key: string): Promise<Version | undefined>;
  /** Writes a new version in one go, if the present one is the given. @returns false when it is another */
  replace(key: string, bytes: Buffer, present: Version): Promise<boolean>;
}
