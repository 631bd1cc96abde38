import { z } from "zod";
import { UserError } from "../base/lib/errors";
import { isObject, parsedJson } from "../base/lib/json";
import { sha256Of } from "../base/lib/sha256";
import { buildTagText, listOf, nonEmptyText, object, timeText, wholeFrom } from "../base/model/formats";
import type { Store } from "../base/store/contract";
import { ArchiveGap } from "./gaps";

// Archive manifests are a stored format: the names of the keys below and their order are contracts.

/** Size in bytes, and SHA-256 in hexadecimal. */
const digest = { bytes: wholeFrom(0), sha256: nonEmptyText };

/** The log of one run of one container, within the log of its pod. A log with a gap inside has a part for each side. */
const LogPart = object({
  container: nonEmptyText,
  /** The log of the container's earlier run, from before its last restart. */
  previous: z.boolean("true or false"),
  /** The restarts before the run; archives of older releases do not tell. */
  run: wholeFrom(0).optional(),
  /** Where it begins in the uncompressed content, in bytes. */
  offset: wholeFrom(0),
  ...digest,
});
export type LogPart = Readonly<z.infer<typeof LogPart>>;

/** One object of the archive. */
const ArchivedObject = object({
  /** Key below the archive's folder, e.g. `logs/miner-1-abc.log.zst`. */
  key: nonEmptyText,
  ...digest,
  /** The content before compression, for logs. */
  content: object(digest).optional(),
  /** The logs in the content, one after another without a gap, for logs. */
  parts: listOf(LogPart).optional(),
});
export type ArchivedObject = Readonly<z.infer<typeof ArchivedObject>>;

/** The record of what was kept of a network. It is written last: an archive without it is not complete. */
const ArchiveManifest = object({
  /** Schema 1 had a gzipped log for each container, and no seal. */
  schema: z.literal([1, 2], "1 or 2"),
  /** Build tag, `v1.2.3+1`. */
  tag: buildTagText,
  /** Id of the life of the network, which its history has too; absent in archives from before ids. */
  life: nonEmptyText.optional(),
  /** Id of the opening, in the stack of the network; absent in archives from before ids. */
  opening: nonEmptyText.optional(),
  /** When the archive was closed, RFC 3339. No decision goes by it, since clocks differ. */
  closedAt: timeText,
  /** Why something is missing, in the words of the operator who allowed it. */
  gap: z.string("text").optional(),
  /** What is missing; archives of older releases do not tell. Absent when nothing is. */
  gaps: listOf(ArchiveGap).optional(),
  objects: listOf(ArchivedObject),
});
export type ArchiveManifest = Readonly<z.infer<typeof ArchiveManifest>>;

/** An archive manifest that is not as it was written. */
export class DamagedManifest extends UserError {
  /** @param reason a phrase */
  constructor(
    key: string,
    readonly reason: string,
  ) {
    super(
      "ArchiveDamaged",
      `The archive manifest ${key} is damaged (${reason}).`,
      "Restore the original object from a backup.",
    );
    this.name = "DamagedManifest";
  }
}

/** A manifest as it is stored. It ends in a seal: the SHA-256 of everything before it. */
export const renderManifest = (manifest: object): string =>
  `${JSON.stringify({ ...manifest, seal: sha256Of(JSON.stringify(manifest)) }, null, 2)}\n`;

/**
 * Reads a stored manifest.
 * @throws {DamagedManifest} when a single byte of it has changed
 * @throws {UserError} when a newer release wrote it
 */
export function parseManifest(key: string, text: string): ArchiveManifest {
  const stored = parsedJson(text);
  if (!isObject(stored)) throw new DamagedManifest(key, "it is not JSON");
  const { seal, ...manifest } = stored;
  const { schema } = manifest;
  if (typeof schema === "number" && schema > 2) {
    throw new UserError(
      "ArchiveTooNew",
      `The archive manifest ${key} has schema ${schema}, expected 1 or 2.`,
      "Read it with the newer release that wrote it.",
    );
  }
  const isSealed = renderManifest(manifest) === text;
  if (!isSealed && !(schema === 1 && seal === undefined)) throw new DamagedManifest(key, "its seal does not match");
  const { success, data, error } = ArchiveManifest.safeParse(manifest);
  if (success) return data;
  const { path, message } = error.issues[0] as z.core.$ZodIssue;
  throw new DamagedManifest(key, `${path.join(".")} is not ${message}`);
}

/** Folder of a build tag's archives in the store. */
export const archiveFolder = (tag: string): string => `archives/${tag}/`;

/** Key of the manifest of one archive. A tag that was deployed again has several archives. */
export const manifestKey = (tag: string, number: number): string => `${archiveFolder(tag)}${number}/manifest.json`;

/** Keys of the manifests of a tag's archives, or of all archives, oldest first. */
export async function manifestsOf(store: Store, tag?: string): Promise<string[]> {
  const keys = await store.list(tag ? archiveFolder(tag) : "archives/");
  return keys.filter((key) => MANIFEST.test(key)).sort((a, b) => numberOfManifest(a) - numberOfManifest(b));
}

const MANIFEST = /^archives\/[^/]+\/[1-9]\d{0,14}\/manifest\.json$/;

/** The number of an archive. */
export const numberOfManifest = (key: string): number => Number(key.split("/").at(-2));

/** The folder of the archive that a manifest belongs to. */
export const folderOfManifest = (key: string): string => key.slice(0, -"manifest.json".length);
