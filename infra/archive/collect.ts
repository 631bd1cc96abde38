import { PassThrough, pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import type { V1Pod } from "@kubernetes/client-node";
import { apiError, type ClusterApi } from "../clients/cluster";
import { IN_NAMESPACE } from "../namespace";
import { digesting, type Store } from "../store";
import type { ArchivedObject } from "./manifest";

/** One container whose log is kept. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** The log of the container's earlier run, from before its last restart. */
  readonly previous: boolean;
}

/** Every log of the network's pods, those of earlier runs included. Pure. */
export function logSources(pods: readonly V1Pod[]): LogSource[] {
  return pods.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).flatMap(({ name, restartCount }) => {
      const source = { pod: metadata?.name ?? "", container: name };
      const now = { ...source, previous: false };
      return restartCount > 0 ? [{ ...source, previous: true }, now] : [now];
    }),
  );
}

/** `logs/POD/CONTAINER.log.gz`, with `.previous` for an earlier run. Pure. */
export const logKey = ({ pod, container, previous }: LogSource): string =>
  `logs/${pod}/${container}${previous ? ".previous" : ""}.log.gz`;

/** Copies all logs and events of a cluster into the store, one object a container, without holding any log in memory. */
export async function collectCluster(
  api: ClusterApi,
  store: Store,
  folder: string,
  say: (line: string) => void,
): Promise<ArchivedObject[]> {
  const namespace = IN_NAMESPACE;
  const objects: ArchivedObject[] = [];
  try {
    const { items: pods } = await api.core.listNamespacedPod({ namespace });
    const sources = logSources(pods);
    for (const [index, source] of sources.entries()) {
      objects.push(await copyLog(api, store, folder, source));
      if ((index + 1) % 10 === 0) say(`${index + 1} of ${sources.length} logs`);
    }
    const { items: events } = await api.core.listNamespacedEvent({ namespace });
    objects.push(await putDocument(store, folder, "events.json", events));
    objects.push(await putDocument(store, folder, "pods.json", pods));
  } catch (error) {
    throw apiError("the logs could not be collected", error);
  }
  return objects;
}

/** Writes a JSON document into an archive. */
export async function putDocument(
  store: Store,
  folder: string,
  key: string,
  document: unknown,
): Promise<ArchivedObject> {
  return { key, ...(await store.put(folder + key, `${JSON.stringify(document, null, 2)}\n`)) };
}

async function copyLog(api: ClusterApi, store: Store, folder: string, source: LogSource): Promise<ArchivedObject> {
  const { pod, container, previous } = source;
  const content = digesting();
  const raw = new PassThrough();
  const compressed = createGzip();
  pipeline(raw, content.stream, compressed, () => undefined); // its error reaches whoever reads the end
  // The client pipes the answer without looking after it: an answer that breaks off must not pass for a whole log.
  raw.once("pipe", (answer) => answer.once("error", (error: Error) => raw.destroy(error)));
  const read = api.log.log(IN_NAMESPACE, pod, container, raw, { previous, timestamps: true });
  const [stored] = await Promise.all([
    store.put(folder + logKey(source), compressed),
    read.catch((error: Error) => {
      raw.destroy(error);
      throw error;
    }),
  ]);
  return { key: logKey(source), ...stored, content: content.digest() };
}
