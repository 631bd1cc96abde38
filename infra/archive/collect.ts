import { pipeline } from "node:stream/promises";
import type { V1ContainerState, V1Pod } from "@kubernetes/client-node";
import { apiError, type ClusterApi } from "../base/clients/kubernetes/client";
import { IN_NAMESPACE } from "../base/model/ownership";
import type { Store } from "../base/store/contract";
import { Meter } from "../base/store/digest";
import type { ArchivedObject, LogPart } from "./manifest";
import { zstd } from "./zstd";

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

/** `logs/POD.log.zst`: all logs of a pod. Pure. */
export const logKey = (pod: string): string => `logs/${pod}.log.zst`;

/** Copies all logs and events of a cluster into the store, one object a pod, without holding any log in memory. */
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
    const logged = pods.map((pod) => logSources([pod])).filter((sources) => sources.length > 0);
    for (const [index, sources] of logged.entries()) {
      objects.push(await copyLogs(api, store, folder, sources));
      if ((index + 1) % 10 === 0) say(`the logs of ${index + 1} of ${logged.length} pods`);
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

/** Copies the logs of a pod's containers into one object, one after another. */
async function copyLogs(
  api: ClusterApi,
  store: Store,
  folder: string,
  sources: readonly LogSource[],
): Promise<ArchivedObject> {
  const key = logKey(sources[0]?.pod ?? "");
  const all = new Meter();
  const parts: LogPart[] = [];
  const logs = async function* () {
    let offset = 0;
    for (const source of sources) {
      const part = new Meter();
      for await (const chunk of await logOf(api, source)) {
        part.count(chunk);
        all.count(chunk);
        yield chunk;
      }
      const { container, previous } = source;
      parts.push({ container, previous, offset, ...part.digest() });
      offset += parts.at(-1)?.bytes ?? 0;
    }
  };
  const compressed = await zstd();
  const copied = pipeline(logs(), compressed);
  copied.catch(() => undefined); // its error reaches whoever reads the end
  try {
    const stored = await store.put(folder + key, compressed);
    return { key, ...stored, content: all.digest(), parts };
  } finally {
    compressed.destroy(); // a store that cannot be written has not read it
  }
}

/** One container's log as it comes. @throws {UserError} naming it when the API refuses it */
async function logOf(api: ClusterApi, source: LogSource): Promise<AsyncIterable<Buffer>> {
  return api.log({ namespace: IN_NAMESPACE, ...source }).catch((error) => {
    const { pod, container, previous } = source;
    throw apiError(`the ${previous ? "earlier " : ""}log of ${pod}/${container} could not be collected`, error);
  });
}
