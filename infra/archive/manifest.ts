import type { Digest } from "../store";

/** The record of what was kept of a network, written last: an archive without it is not complete. */
export interface ArchiveManifest {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When the archive was closed, RFC 3339. */
  readonly closedAt: string;
  /** Why something is missing, when an operator has said that it may be. */
  readonly gap?: string;
  readonly objects: readonly ArchivedObject[];
}

/** One object of the archive. */
export interface ArchivedObject extends Digest {
  /** Key below the archive's folder, e.g. `logs/miner-1-abc/miner.log.gz`. */
  readonly key: string;
  /** What was there before compression, for logs. */
  readonly content?: Digest;
}

/** Folder of a build tag's archives in the store. */
export const archiveFolder = (tag: string): string => `archives/${tag}/`;

/** Key of the manifest of one archive; a tag that was deployed again has several. */
export const manifestKey = (tag: string, number: number): string => `${archiveFolder(tag)}${number}/manifest.json`;

/** The folder of the archive that a manifest is of. */
export const folderOf = (key: string): string => key.slice(0, -"manifest.json".length);
