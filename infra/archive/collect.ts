import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import type { V1ContainerState, V1Pod } from "@kubernetes/client-node";
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

/**
 * Every log of the network's pods, those of earlier runs and of init containers included. A container that has not run,
 * because its image cannot be pulled for one, has no log: the API refuses to send any, as the kubelet does
 * (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus). Pure.
 */
export function logSources(pods: readonly V1Pod[]): LogSource[] {
  return pods.flatMap(({ metadata, status }) =>
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap((container) => {
      const { state, lastState, name } = container;
      const ranBefore = hasEnded(lastState);
      const source = { pod: metadata?.name ?? "", container: name };
      return [
        ...(ranBefore ? [{ ...source, previous: true }] : []),
        ...(state?.running || hasEnded(state) || ranBefore ? [{ ...source, previous: false }] : []),
      ];
    }),
  );
}

/** Of a container without an id nothing is left, its log included. */
const hasEnded = (state: V1ContainerState | undefined): boolean => Boolean(state?.terminated?.containerID);

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
  const key = logKey(source);
  const log = await api.log({ namespace: IN_NAMESPACE, ...source }).catch((error) => {
    throw apiError(`${key} could not be collected`, error);
  });
  const content = digesting();
  const compressed = createGzip();
  pipeline(log, content.stream, compressed, () => undefined); // its error reaches whoever reads the end
  try {
    return { key, ...(await store.put(folder + key, compressed)), content: content.digest() };
  } finally {
    log.destroy(); // a store that cannot be written has not read it
  }
}
