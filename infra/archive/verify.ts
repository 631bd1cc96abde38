import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";
import { type ArchiveManifest, DamagedManifest, folderOfManifest, parseManifest } from "./manifest";
import { readBack } from "./read-back";

/** Reads every object of an archive back and compares it with the manifest. Returns what is wrong; nothing when all is well. */
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

/** Reads a manifest. @throws {UserError} when there is none, it is damaged or of another schema. */
export async function readManifest(store: Store, key: string): Promise<ArchiveManifest> {
  return parseManifest(key, await textOf(store.get(key)));
}

/** A manifest, or what is wrong with it when it is damaged. @throws {UserError} when it cannot be read */
export async function tryManifest(store: Store, key: string): Promise<ArchiveManifest | DamagedManifest> {
  try {
    return await readManifest(store, key);
  } catch (error) {
    if (error instanceof DamagedManifest) return error;
    throw error;
  }
}

/** What an archive was found to be. */
export interface Verified {
  readonly objects: number;
  readonly wrong: readonly string[];
}

/** Verifies one archive; a manifest that is damaged is one thing that is wrong. */
export async function verifyArchive(store: Store, key: string): Promise<Verified> {
  const manifest = await tryManifest(store, key);
  if (manifest instanceof DamagedManifest) return { objects: 0, wrong: [manifest.message] };
  return { objects: manifest.objects.length, wrong: await verify(store, folderOfManifest(key), manifest) };
}
