import { UserError } from "../base/lib/errors";
import { sha256Of } from "../base/lib/sha256";
import type { Digest } from "../base/store/contract";

/** The record of what was kept of a network, written last: an archive without it is not complete. */
export interface ArchiveManifest {
  /** 1 had a gzipped log for each container, and no seal. */
  readonly schema: 1 | 2;
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
  /** Key below the archive's folder, e.g. `logs/miner-1-abc.log.zst`. */
  readonly key: string;
  /** What was there before compression, for logs. */
  readonly content?: Digest;
  /** Whose bytes these are, one after another and without a gap, for logs. */
  readonly parts?: readonly LogPart[];
}

/** The log of one run of one container, within its pod's. */
export interface LogPart extends Digest {
  readonly container: string;
  /** The log of the container's earlier run, from before its last restart. */
  readonly previous: boolean;
  /** Where it begins in the uncompressed content, in bytes. */
  readonly offset: number;
}

/** A manifest that is not as it was written. */
export class DamagedManifest extends UserError {
  constructor(key: string, why: string) {
    super(`${key} is damaged, and the archive does not count (${why})`);
    this.name = "DamagedManifest";
  }
}

/** A manifest as it is stored, with a seal at its end: the SHA-256 of all before it. Pure. */
export const renderManifest = (manifest: ArchiveManifest): string =>
  `${JSON.stringify({ ...manifest, seal: sealOf(manifest) }, null, 2)}\n`;

/**
 * Reads a stored manifest. Pure.
 * @throws {DamagedManifest} when a single byte of it has changed
 * @throws {UserError} when a newer version wrote it
 */
export function parseManifest(key: string, text: string): ArchiveManifest {
  const { seal, ...manifest } = parsed(key, text) as ArchiveManifest & { seal?: unknown };
  const { schema } = manifest;
  if (schema === 1 && seal === undefined && Array.isArray(manifest.objects)) return manifest;
  if (typeof schema === "number" && schema > 2)
    throw new UserError(`${key} has schema ${schema}: read it with the newer version that wrote it`);
  if (renderManifest(manifest) !== text) throw new DamagedManifest(key, "its seal is not that of its text");
  return manifest;
}

function parsed(key: string, text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    throw new DamagedManifest(key, (error as Error).message);
  }
}

const sealOf = (manifest: ArchiveManifest): string => sha256Of(JSON.stringify(manifest));

/** Folder of a build tag's archives in the store. */
export const archiveFolder = (tag: string): string => `archives/${tag}/`;

/** Key of the manifest of one archive; a tag that was deployed again has several. */
export const manifestKey = (tag: string, number: number): string => `${archiveFolder(tag)}${number}/manifest.json`;

/** The folder of the archive that a manifest is of. */
export const folderOfManifest = (key: string): string => key.slice(0, -"manifest.json".length);
