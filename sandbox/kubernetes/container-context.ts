import { mkdirSync } from "node:fs";
import type { V1ConfigMap, V1Container, V1Pod, V1Secret, V1Service } from "@kubernetes/client-node";
import type { KubernetesApi } from "./api";
import { containerFolder, networkFolder } from "./cluster-record";
import { type ConfigSources, containerEnvironment, sourcesOf } from "./environment";
import { expand, realPaths } from "./expansion";
import type { PodHost } from "./pod-host";
import type { ContainerContext } from "./program";
import { configMapData, type Files, secretData } from "./projected-files";
import { serviceEnvironment } from "./service-environment";

export interface ContextInput {
  readonly host: PodHost;
  readonly pod: V1Pod;
  readonly container: V1Container;
  /** Address of the pod's programs, 127.N.a.b. */
  readonly address: string;
  readonly mounts: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** Seconds that a pod gives its programs to end, unless it says another number (kubernetes.io, "Pod Lifecycle"). */
const GRACE = 30;

/**
 * Makes the context that a program starts with. Every start reads Services, ConfigMaps and Secrets again, so that a pod
 * sees everything created before it.
 * @throws {ContainerConfigError} when the environment refers to a missing object
 */
export async function containerContext(input: ContextInput): Promise<ContainerContext> {
  const { host, pod, container, address, mounts, log } = input;
  const namespace = pod.metadata?.namespace ?? "default";
  const path = `/api/v1/namespaces/${namespace}`;
  const [services, sources] = await Promise.all([
    pod.spec?.enableServiceLinks === false ? { items: [] } : host.api.list<V1Service>(`${path}/services`),
    readSources(host.api, path, container),
  ]);
  const variables = containerEnvironment({
    container,
    pod,
    address,
    hostAddress: host.hostAddress,
    services: serviceEnvironment(services.items),
    sources,
  });
  const real = (text: string) => realPaths(text, mounts);
  const name = pod.metadata?.name ?? "";
  mkdirSync(containerFolder(host.clusterFolder, namespace, name, container.name), { recursive: true });
  const network = networkFolder(host.clusterFolder, namespace);
  mkdirSync(network, { recursive: true });
  return {
    cluster: host.cluster,
    clusterFolder: host.clusterFolder,
    networkFolder: network,
    pod: name,
    namespace,
    container: container.name,
    image: container.image ?? "",
    address,
    command: (container.command ?? []).map((text) => real(expand(text, variables))),
    args: (container.args ?? []).map((text) => real(expand(text, variables))),
    env: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, real(value)])),
    mounts,
    grace: (pod.spec?.terminationGracePeriodSeconds ?? GRACE) * 1000,
    resolve: (name) => host.resolve(name, namespace),
    log,
  };
}

async function readSources(api: KubernetesApi, path: string, container: V1Container): Promise<ConfigSources> {
  const { configMaps, secrets } = sourcesOf(container);
  const read = async <T>(kind: string, names: string[], data: (object: T) => Files) => {
    const found = new Map<string, Record<string, string>>();
    for (const name of new Set(names)) {
      const object = await api.find<T>(`${path}/${kind}/${name}`);
      if (object) found.set(name, textOf(data(object)));
    }
    return found;
  };
  return {
    configMaps: await read<V1ConfigMap>("configmaps", configMaps, configMapData),
    secrets: await read<V1Secret>("secrets", secrets, secretData),
  };
}

const textOf = (files: Files): Record<string, string> =>
  Object.fromEntries([...files].map(([key, content]) => [key, content.toString()]));
