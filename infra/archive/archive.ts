import { clusterApi } from "../clients/cluster";
import { digestOf, type Store } from "../store";
import { UserError } from "../user-error";
import { collectCluster, putDocument } from "./collect";
import { type ArchiveManifest, archiveFolder, manifestKey } from "./manifest";
import { same, verify } from "./verify";

/** What is to be kept of a network besides what its cluster holds. */
export interface NetworkRecord {
  readonly tag: string;
  /** Documents by file name: stack outputs, config, smoke report. */
  readonly documents: Readonly<Record<string, unknown>>;
}

/**
 * Keeps everything of a network: logs, events and documents, then a manifest, then reads all of it back. Every run
 * writes an archive of its own, so that nothing in the store is changed; the manifest makes it count.
 * @param kubeconfig the way into the cluster, or undefined when it is gone
 * @param gap why it may be missing; without it a missing cluster is an error
 * @param signal ends the reading of logs; what is there already stays, without a manifest
 * @throws {UserError} when anything could not be kept, or does not read back as it was written
 */
export async function archiveNetwork(
  store: Store,
  record: NetworkRecord,
  kubeconfig: string | undefined,
  gap: string | undefined,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<ArchiveManifest & { key: string }> {
  if (kubeconfig === undefined && !gap) {
    throw new UserError(
      `the cluster of ${record.tag} is gone, and its logs with it: say why with ARCHIVE_GAP="reason" and run this again`,
    );
  }
  const number = await nextNumber(store, record.tag);
  const key = manifestKey(record.tag, number);
  const folder = key.slice(0, -"manifest.json".length);
  const objects =
    kubeconfig === undefined ? [] : await collectCluster(clusterApi(kubeconfig, signal), store, folder, say);
  for (const [name, document] of Object.entries(record.documents)) {
    objects.push(await putDocument(store, folder, name, document));
  }
  const manifest: ArchiveManifest = {
    schema: 1,
    tag: record.tag,
    closedAt: new Date().toISOString(),
    ...(kubeconfig === undefined ? { gap } : {}),
    objects,
  };
  const wrong = await verify(store, folder, manifest);
  if (wrong.length > 0)
    throw new UserError(`the archive of ${record.tag} does not read back: ${wrong.join("; ")}: run this again`);
  const written = await store.put(key, `${JSON.stringify(manifest, null, 2)}\n`);
  if (!same(await digestOf(store.get(key)), written)) {
    throw new UserError(`${key} does not read back as it was written: run this again`);
  }
  return { ...manifest, key };
}

/** Keys of the manifests of a tag's archives, or of all archives, oldest first. */
export async function manifestsOf(store: Store, tag?: string): Promise<string[]> {
  const keys = await store.list(tag ? archiveFolder(tag) : "archives/");
  const number = (key: string) => Number(key.split("/").at(-2));
  return keys.filter((key) => key.endsWith("/manifest.json")).sort((a, b) => number(a) - number(b));
}

/** An interrupted run leaves objects without a manifest; the next one does not touch them. */
async function nextNumber(store: Store, tag: string): Promise<number> {
  const folder = archiveFolder(tag);
  const taken = (await store.list(folder)).map((key) => Number(key.slice(folder.length).split("/")[0]));
  return Math.max(0, ...taken) + 1;
}
