import { folderOfManifest } from "../archive/manifest";
import { manifestsOf } from "../archive/run";
import { readManifest } from "../archive/verify";
import { getKv, type KvNamespace, putKv } from "../base/clients/cloudflare";
import { UserError } from "../base/lib/errors";
import type { LastSeen } from "../base/model/history-record";
import type { Store } from "../base/store/contract";
import { textOf } from "../base/store/digest";

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
    const samples = hasSamples
      ? await textOf(store.get(`${folderOfManifest(key)}samples.json`)).catch(damaged)
      : undefined;
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

/** Where an object of a store is; what a store's URL asks for comes last, as in any URL. Pure. */
export function objectUrl(store: string, key: string): string {
  const [, place = store, query = ""] = /^([^?]*)(\?.*)?$/.exec(store) ?? [];
  return `${place.replace(/\/$/, "")}/${key}${query}`;
}

/** The highest layers in an archive's samples.json, a list with what each node has said; undefined when no node has. Pure. */
export function lastSeenIn(samples: unknown): LastSeen | undefined {
  const said = Array.isArray(samples) ? samples.filter((one) => typeof one === "object" && one !== null) : [];
  const highest = (name: string) => Math.max(...said.map((one) => one[name]).filter(Number.isSafeInteger));
  const seen = { verifiedLayer: highest("verifiedLayer"), topLayer: highest("topLayer") };
  return Object.values(seen).every(Number.isFinite) ? seen : undefined;
}
