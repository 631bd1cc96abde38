import { shown, UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { NetworkFacts } from "../base/model/network-facts";
import { isMissing, ObjectExists, type Store } from "../base/store/contract";
import { digestOf } from "../base/store/digest";
import { answeringCluster, collectNetwork } from "./cluster";
import { putDocument } from "./collect";
import { type NetworkRecord, outputDocuments } from "./documents";
import { type ArchiveGap, gapWords, needsReason } from "./gaps";
import {
  type ArchiveManifest,
  archiveFolder,
  DamagedManifest,
  folderOfManifest,
  manifestKey,
  manifestsOf,
  numberOfManifest,
  renderManifest,
} from "./manifest";
import { Patience } from "./patience";
import { isSame } from "./read-back";
import { type SyncRecord, syncRecords } from "./sync-record";
import { tryManifest, verify } from "./verify";

export interface ArchiveOptions {
  readonly store: Store;
  readonly record: NetworkRecord;
  /** Kubeconfig of the cluster; absent when the cluster is gone. */
  readonly kubeconfig?: string;
  /** Why logs may be missing. Without it, logs that the cluster may still have and does not give are an error. */
  readonly gap?: string;
  /** Id of the network's life. */
  readonly life?: string;
  /** Id under which this deployment's archive was opened. An archive of that opening is kept as it is. */
  readonly opening?: string;
}

export interface Archive extends ArchiveManifest {
  /** Key of its manifest in the store. */
  readonly key: string;
}

export interface ArchiveStep extends ArchiveOptions {
  readonly tag: string;
  /** Outputs of the network's stack, if they are to be kept. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Whether the cluster exists. */
  readonly exists: boolean;
}

/** What the step prints about an archive. */
export interface ArchiveSummary {
  /** Key of its manifest in the store. */
  readonly key: string;
  /** Number of its objects. */
  readonly objects: number;
  /** Their size in the store. */
  readonly bytes: number;
  readonly gap?: string;
  /** What is missing, in words. */
  readonly missing?: readonly string[];
}

/** Archives a network before it is shut down. @throws {UserError} as {@link archiveNetwork} does */
export async function archiveStep(
  { tag, record, outputs, exists, kubeconfig, gap, life, opening, store }: ArchiveStep,
  run: Run,
): Promise<ArchiveSummary> {
  if (exists && kubeconfig === undefined)
    throw new UserError(
      "KubeconfigMissing",
      `The network ${tag} exists, but KUBECONFIG_TEXT is not set.`,
      "Set it to a kubeconfig of its cluster.",
      2,
    );
  run.say(`${tag}: archiving`);
  const documents = { ...record.documents, ...outputDocuments(outputs) };
  const way = exists ? kubeconfig : undefined;
  const archive = await archiveNetwork({ store, record: { tag, documents }, kubeconfig: way, gap, life, opening }, run);
  const { key, objects } = archive;
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  const missing = archive.gap ? `; gap: ${archive.gap}` : "";
  run.say(`${tag}: archived and read back ${objects.length} objects, ${bytes} bytes${missing}`);
  const gaps = archive.gaps?.map(gapWords) ?? [];
  for (const words of gaps) run.say(`${tag}: missing in the archive: ${words}`);
  return { key, objects: objects.length, bytes, gap: archive.gap, ...(gaps.length > 0 && { missing: gaps }) };
}

/**
 * Archives everything of a network: logs, events and documents, then a manifest, and reads all of it back. Each run
 * writes an archive of its own, so nothing in the store is changed, and only the manifest makes it count. If an earlier
 * run did all this and was killed before it could report, its archive is read back instead. What fails is tried again for
 * minutes. What is missing then is named in the manifest.
 * @throws {UserError} when anything could not be kept, or does not read back as it was written
 */
export async function archiveNetwork(options: ArchiveOptions, run: Run): Promise<Archive> {
  const { store, record, opening } = options;
  const earlier = opening === undefined ? undefined : await archiveOf(store, record.tag, opening);
  if (earlier) return earlier;
  try {
    return await archiveAnew(options, run);
  } catch (error) {
    if (!(error instanceof ObjectExists)) throw error;
    // The store now gives objects names that nobody can take.
    run.say(`${record.tag}: somebody else wrote ${shown(error.key)}; archiving again under the next number`);
    return archiveAnew(options, run);
  }
}

async function archiveAnew(
  { store, record, kubeconfig, gap, life, opening }: ArchiveOptions,
  run: Run,
): Promise<Archive> {
  const { tag, documents } = record;
  const patience = new Patience(run);
  const api = await answeringCluster({ tag, kubeconfig, gap }, patience, run);
  const facts = documents["facts.json"];
  const records = await shippedOf(store, tag, facts, run);
  const number = await nextNumber(store, tag);
  const key = manifestKey(tag, number);
  const folder = folderOfManifest(key);
  const collection = { store, folder, records, patience, ...(api && { api }) };
  const collected = await collectNetwork(collection, { facts, settings: documents["config.json"], kubeconfig }, run);
  const { gaps } = collected;
  const isAsked = gaps.some(needsReason);
  if (isAsked && !gap) throw incomplete(tag, gaps.filter(needsReason));
  const objects = [...collected.objects];
  for (const [name, document] of Object.entries(documents)) {
    objects.push(await putDocument(store, folder, name, document));
  }
  const manifest: ArchiveManifest = {
    schema: 2,
    tag,
    ...(life !== undefined && { life }),
    ...(opening !== undefined && { opening }),
    closedAt: new Date(run.clock.now()).toISOString(),
    ...(isAsked && { gap }),
    ...(gaps.length > 0 && { gaps }),
    objects,
  };
  const wrong = await verify(store, folder, manifest);
  if (wrong.length > 0)
    throw new UserError(
      "ArchiveUnverified",
      `The archive of ${tag} does not read back as it was written: ${wrong.join("; ")}.`,
      "Check the store, then run the command again.",
    );
  const written = await store.put(key, renderManifest(manifest));
  // A manifest that changed has no seal that holds, so it counts as absent.
  const read = await digestOf(store.get(key)).catch(undefinedIfMissing);
  if (!read || !isSame(read, written)) {
    throw new UserError(
      "ArchiveUnverified",
      `The archive manifest ${key} does not read back as it was written.`,
      "Check the store, then run the command again.",
    );
  }
  return { ...manifest, key };
}

/** What was shipped of the logs of this life of a tag. One without valid facts never came up, and nothing was shipped. */
async function shippedOf(store: Store, tag: string, facts: unknown, run: Run): Promise<SyncRecord[]> {
  const { data } = NetworkFacts.safeParse(facts);
  return data ? syncRecords(store, { tag, genesisTime: data.genesisTime }, run) : [];
}

/** Gaps that the error names; the others are counted. */
const MOST_NAMED = 5;

function incomplete(tag: string, gaps: readonly ArchiveGap[]): UserError {
  const named = gaps.slice(0, MOST_NAMED).map(gapWords).join("; ");
  const more = gaps.length > MOST_NAMED ? `; and ${gaps.length - MOST_NAMED} more` : "";
  return new UserError(
    "ArchiveIncomplete",
    `The archive of ${tag} lacks what its cluster may still have: ${named}${more}.`,
    "Repair the cluster. To go on without exactly that, run " +
      `\`smeshnet retire ${tag} --gap REASON\`; with \`pulumi destroy\`, set ARCHIVE_GAP="REASON".`,
  );
}

function undefinedIfMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

/** The newest archive of an opening that reads back as it was written. */
async function archiveOf(store: Store, tag: string, opening: string): Promise<Archive | undefined> {
  for (const key of (await manifestsOf(store, tag)).reverse()) {
    const manifest = await tryManifest(store, key);
    if (manifest instanceof DamagedManifest) continue; // it does not count, and stays for an investigation
    if (manifest.opening !== opening) continue;
    if ((await verify(store, folderOfManifest(key), manifest)).length === 0) return { ...manifest, key };
  }
  return undefined;
}

/**
 * The number of a new archive: the first one above all archives under which nothing lies. An interrupted run leaves
 * objects without a manifest, and anybody may add some. The next run does not touch them.
 */
async function nextNumber(store: Store, tag: string): Promise<number> {
  const folder = archiveFolder(tag);
  const [taken, manifests] = [await store.list(folder), await manifestsOf(store, tag)];
  const numbers = new Set(taken.map((key) => key.slice(folder.length).split("/")[0]));
  let next = Math.max(0, ...manifests.map(numberOfManifest)) + 1;
  while (numbers.has(`${next}`)) next += 1;
  return next;
}
