import { pipeline } from "node:stream/promises";
import type { V1ContainerState, V1Pod } from "@kubernetes/client-node";
import { apiError, type ClusterApi } from "../base/clients/kubernetes/client";
import type { Run } from "../base/lib/run";
import { IN_NAMESPACE } from "../base/model/ownership";
import type { Store } from "../base/store/contract";
import { Meter } from "../base/store/digest";
import type { ArchivedObject, LogPart } from "./manifest";
import { zstd } from "./zstd";

/** The log of one run of a container. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** The log of the container's earlier run, from before its last restart. */
  readonly previous: boolean;
}

/**
 * All logs of the network's pods, with earlier runs and init containers. A container that never ran, for instance
 * because its image cannot be pulled, has no log: the API refuses the request, as the kubelet does
 * (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus).
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

/** A run without a container id left nothing, not even a log. */
const hasEnded = (state: V1ContainerState | undefined): boolean => Boolean(state?.terminated?.containerID);

/** `logs/POD.log.zst`: all logs of a pod. */
export const logKey = (pod: string): string => `logs/${pod}.log.zst`;

/**
 * Copies all logs and events of a cluster into the store, one object per pod. No log is held in memory.
 * @throws {UserError} when the cluster or the store fails
 */
export async function collectCluster(
  api: ClusterApi,
  store: Store,
  folder: string,
  run: Pick<Run, "say">,
): Promise<ArchivedObject[]> {
  const namespace = IN_NAMESPACE;
  const objects: ArchivedObject[] = [];
  try {
    const { items: pods } = await api.core.listNamespacedPod({ namespace });
    const logged = pods.map((pod) => logSources([pod])).filter((sources) => sources.length > 0);
    for (const [index, sources] of logged.entries()) {
      objects.push(await copyLogs(api, store, folder, sources));
      if ((index + 1) % 10 === 0) run.say(`archived the logs of ${index + 1} of ${logged.length} pods so far`);
    }
    const { items: events } = await api.core.listNamespacedEvent({ namespace });
    objects.push(await putDocument(store, folder, "events.json", events));
    objects.push(await putDocument(store, folder, "pods.json", pods));
  } catch (error) {
    throw apiError("The logs could not be collected", error);
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
  copied.catch(() => undefined); // its error reaches the reader of the stream
  try {
    const stored = await store.put(folder + key, compressed);
    return { key, ...stored, content: all.digest(), parts };
  } finally {
    compressed.destroy(); // a store that cannot be written does not read it to its end
  }
}

/** One log as it comes. @throws {UserError} naming the log, when the API refuses the request */
async function logOf(api: ClusterApi, source: LogSource): Promise<AsyncIterable<Buffer>> {
  return api.log({ namespace: IN_NAMESPACE, ...source }).catch((error) => {
    const { pod, container, previous } = source;
    throw apiError(`The ${previous ? "earlier " : ""}log of ${pod}/${container} could not be collected`, error);
  });
}
