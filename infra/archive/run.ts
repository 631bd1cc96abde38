import { type ClusterApi, clusterApi } from "../base/clients/kubernetes/client";
import { UserError } from "../base/lib/errors";
import { networkFactsSchema } from "../base/model/network-facts";
import { IN_NAMESPACE } from "../base/model/ownership";
import { lastSamples } from "../base/observe/nodes";
import type { Store } from "../base/store/contract";
import { digestOf } from "../base/store/digest";
import { collectCluster, putDocument } from "./collect";
import {
  type ArchivedObject,
  type ArchiveManifest,
  archiveFolder,
  DamagedManifest,
  folderOfManifest,
  manifestKey,
  renderManifest,
} from "./manifest";
import { same } from "./read-back";
import { tryManifest, verify } from "./verify";

/** What is to be kept of a network besides what its cluster holds. */
export interface NetworkRecord {
  readonly tag: string;
  /** Documents by file name: stack outputs, config, smoke report. */
  readonly documents: Readonly<Record<string, unknown>>;
}

export interface ArchiveOptions {
  readonly store: Store;
  readonly record: NetworkRecord;
  /** The way into the cluster; left out when the cluster is gone. */
  readonly kubeconfig?: string;
  /** Why the logs may be missing; without it a cluster that is gone, or does not answer, is an error. */
  readonly gap?: string;
  /** When this deployment's archive was opened, RFC 3339: what was closed since is kept as it is. */
  readonly openedAt?: string;
  /** Takes progress for people. */
  readonly say: (line: string) => void;
  /** Ends the reading of logs; what is there already stays, without a manifest. */
  readonly signal?: AbortSignal;
}

export interface Archive extends ArchiveManifest {
  /** Key of its manifest in the store. */
  readonly key: string;
}

/**
 * Keeps everything of a network: logs, events and documents, then a manifest, then reads all of it back. Every run
 * writes an archive of its own, so that nothing in the store is changed; the manifest makes it count. When an earlier run
 * has done all that and was killed before anybody could note it, its archive is read back instead.
 * @throws {UserError} when anything could not be kept, or does not read back as it was written
 */
export async function archiveNetwork(archiving: ArchiveOptions): Promise<Archive> {
  const { store, record, gap, openedAt } = archiving;
  const earlier = openedAt && (await closedSince(store, record.tag, openedAt));
  if (earlier) return earlier;
  const api = await answeringCluster(archiving);
  const number = await nextNumber(store, record.tag);
  const key = manifestKey(record.tag, number);
  const folder = folderOfManifest(key);
  const objects = api ? await collectNetwork(api, folder, archiving) : [];
  for (const [name, document] of Object.entries(record.documents)) {
    objects.push(await putDocument(store, folder, name, document));
  }
  const manifest: ArchiveManifest = {
    schema: 2,
    tag: record.tag,
    closedAt: new Date().toISOString(),
    ...(api ? {} : { gap }),
    objects,
  };
  const wrong = await verify(store, folder, manifest);
  if (wrong.length > 0)
    throw new UserError(`the archive of ${record.tag} does not read back: ${wrong.join("; ")}: run this again`);
  const written = await store.put(key, renderManifest(manifest));
  if (!same(await digestOf(store.get(key)), written)) {
    throw new UserError(`${key} does not read back as it was written: run this again`);
  }
  return { ...manifest, key };
}

/** Keeps what the nodes say, while they still do, and then all that the cluster holds. */
async function collectNetwork(
  api: ClusterApi,
  folder: string,
  { store, record, say }: ArchiveOptions,
): Promise<ArchivedObject[]> {
  const facts = networkFactsSchema.safeParse(record.documents["facts.json"]);
  const samples = facts.success
    ? [await putDocument(store, folder, "samples.json", await lastSamples(facts.data))]
    : []; // of a deployment that failed before its network was up
  return [...samples, ...(await collectCluster(api, store, folder, say))];
}

/** The cluster when its API server answers; undefined when it need not. @throws {UserError} when it must and does not */
async function answeringCluster({ record, kubeconfig, gap, signal }: ArchiveOptions): Promise<ClusterApi | undefined> {
  const sayWhy = 'say why with ARCHIVE_GAP="reason" and run this again';
  if (kubeconfig === undefined) {
    if (gap) return undefined;
    throw new UserError(`the cluster of ${record.tag} is gone, and its logs with it: ${sayWhy}`);
  }
  const api = clusterApi(kubeconfig, signal);
  try {
    await api.core.listNamespacedPod({ namespace: IN_NAMESPACE });
    return api;
  } catch (error) {
    if (gap) return undefined;
    throw new UserError(
      `the cluster of ${record.tag} does not answer (${(error as Error).message}): mend it; if its logs are lost, ${sayWhy}`,
    );
  }
}

/** The newest archive of a tag that was closed since a time and reads back as it was written. */
async function closedSince(store: Store, tag: string, openedAt: string): Promise<Archive | undefined> {
  for (const key of (await manifestsOf(store, tag)).reverse()) {
    const manifest = await tryManifest(store, key);
    if (manifest instanceof DamagedManifest) continue; // it does not count, and is kept for whoever looks into it
    if (Date.parse(manifest.closedAt) < Date.parse(openedAt)) return undefined;
    if ((await verify(store, folderOfManifest(key), manifest)).length === 0) return { ...manifest, key };
  }
  return undefined;
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
