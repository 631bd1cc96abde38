import { createGunzip } from "node:zlib";
import { type Digest, digestOf, type Store, textOf } from "../store";
import { UserError } from "../user-error";
import type { ArchiveManifest } from "./manifest";

/** Reads every object of an archive back and compares it with the manifest. Returns what is wrong; nothing when all is well. */
export async function verify(store: Store, folder: string, manifest: ArchiveManifest): Promise<string[]> {
  const wrong: string[] = [];
  const kept = new Set(await store.list(folder));
  for (const { key, content, ...stored } of manifest.objects) {
    if (!kept.has(folder + key)) {
      wrong.push(`${key} is missing`);
      continue;
    }
    const found = await digestOf(store.get(folder + key));
    if (!same(found, stored)) wrong.push(`${key} is ${describe(found)}, not ${describe(stored)}`);
    else if (content && !same(await digestOf(store.get(folder + key), createGunzip()), content)) {
      wrong.push(`${key} does not hold the log that was read`);
    }
  }
  return wrong;
}

/** Reads a manifest. @throws {UserError} when there is none, it is damaged or of another schema. */
export async function readManifest(store: Store, key: string): Promise<ArchiveManifest> {
  const manifest = parse(key, await textOf(store.get(key)));
  if (manifest.schema !== 1) throw new UserError(`${key} has schema ${manifest.schema}: a newer version wrote it`);
  return manifest;
}

function parse(key: string, text: string): ArchiveManifest {
  try {
    return JSON.parse(text) as ArchiveManifest;
  } catch (error) {
    throw new UserError(`${key} is damaged, and the archive does not count (${(error as Error).message})`);
  }
}

/** Whether two things are the same, byte for byte. */
export const same = (a: Digest, b: Digest): boolean => a.bytes === b.bytes && a.sha256 === b.sha256;

const describe = ({ bytes, sha256 }: Digest): string => `${bytes} bytes (SHA-256 ${sha256.slice(0, 12)})`;
