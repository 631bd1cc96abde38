import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import { type ArchiveManifest, DamagedManifest, folderOfManifest, parseManifest } from "./manifest";
import { readBack } from "./read-back";

/**
 * Reads every object of an archive back and compares it with the archive manifest.
 * @returns a phrase for each object that is wrong; none when the archive is intact
 */
export async function verify(store: Store, folder: string, manifest: ArchiveManifest): Promise<string[]> {
  const wrong: string[] = [];
  const kept = new Set(await store.list(folder));
  for (const object of manifest.objects) {
    const { key } = object;
    const mistake = kept.has(folder + key) ? await readBack(store, folder, object) : `${key} is missing`;
    if (mistake) wrong.push(mistake);
  }
  return wrong;
}

/** Reads an archive manifest. @throws {UserError} when it is missing, damaged, or of a newer schema */
export async function readManifest(store: Store, key: string): Promise<ArchiveManifest> {
  return parseManifest(key, await textOf(store.get(key)));
}

/** An archive manifest, or the error when it is damaged. @throws {UserError} when it cannot be read */
export async function tryManifest(store: Store, key: string): Promise<ArchiveManifest | DamagedManifest> {
  try {
    return await readManifest(store, key);
  } catch (error) {
    if (error instanceof DamagedManifest) return error;
    throw error;
  }
}

/** The result of verifying an archive. */
export interface Verified {
  /** Number of its objects; 0 when its manifest is damaged. */
  readonly objects: number;
  /** A phrase for each finding. */
  readonly wrong: readonly string[];
}

/** Verifies one archive. A damaged manifest is one finding. */
export async function verifyArchive(store: Store, key: string): Promise<Verified> {
  const manifest = await tryManifest(store, key);
  if (manifest instanceof DamagedManifest)
    return { objects: 0, wrong: [`its manifest is damaged (${manifest.reason})`] };
  return { objects: manifest.objects.length, wrong: await verify(store, folderOfManifest(key), manifest) };
}
