import { manifestsOf } from "../archive/archive";
import { folderOf } from "../archive/manifest";
import { readManifest } from "../archive/verify";
import { getKv, type KvNamespace, putKv } from "../clients/cloudflare";
import { type Store, textOf } from "../store";
import { UserError } from "../user-error";
import { type LastSeen, lastSeenIn } from "./record";

/** What an archive adds to a network's line. */
export interface LastArchive {
  /** Key of its manifest in the store. */
  readonly key: string;
  readonly lastSeen?: LastSeen;
}

/**
 * The newest archive of this life of a tag; undefined when there is none, as for a network that was never made.
 * @param openedAt when the life began, RFC 3339
 * @throws {UserError} when the store cannot be read
 */
export async function lastArchive(store: Store, tag: string, openedAt: string): Promise<LastArchive | undefined> {
  for (const key of (await manifestsOf(store, tag)).reverse()) {
    const manifest = await readManifest(store, key).catch(damaged);
    if (!manifest || Date.parse(manifest.closedAt) < Date.parse(openedAt)) continue;
    const hasSamples = manifest.objects.some((object) => object.key === "samples.json");
    const samples = hasSamples ? await textOf(store.get(`${folderOf(key)}samples.json`)).catch(damaged) : undefined;
    return { key, lastSeen: samples === undefined ? undefined : lastSeenIn(parsed(samples)) };
  }
  return undefined;
}

/**
 * Writes a value that is never written again, and reads it back; one that is there stays.
 * @returns what is there now
 * @throws {UserError} when Cloudflare does not answer, or does not keep it
 */
export async function writeOnce(namespace: KvNamespace, key: string, value: string): Promise<string> {
  const before = await getKv(namespace, key);
  if (before !== undefined) return before;
  await putKv(namespace, key, value);
  const kept = await getKv(namespace, key);
  if (kept === undefined) throw new UserError(`${key} was written and cannot be read back: run this again`);
  return kept;
}

/** The history does not stop at what is damaged in the archive, which "archive verify" tells. */
function damaged(error: unknown): undefined {
  if (error instanceof UserError) return undefined;
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
