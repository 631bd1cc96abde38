import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { V1Namespace } from "@kubernetes/client-node";
import type { KubernetesApi } from "./api";
import { networkFolder } from "./cluster-record";
import { type Reflector, reflect } from "./reflector";

/** Namespaces of the cluster itself. */
const isSystems = (namespace: string): boolean => namespace === "default" || namespace.startsWith("kube-");

/**
 * Keeps a folder for each namespace of a network. A removed namespace takes its folder along, so that a network made
 * again under its name begins without faults and without a past.
 */
export function keepNetworkFolders(
  api: KubernetesApi,
  clusterFolder: string,
  forget: (namespace: string) => void,
): Reflector<V1Namespace> {
  return reflect<V1Namespace>(api, "/api/v1/namespaces", {
    changed({ metadata }) {
      const namespace = metadata?.name ?? "";
      if (!isSystems(namespace)) mkdirSync(networkFolder(clusterFolder, namespace), { recursive: true });
    },
    deleted({ metadata }) {
      const namespace = metadata?.name ?? "";
      if (isSystems(namespace)) return;
      forget(namespace);
      rmSync(networkFolder(clusterFolder, namespace), { recursive: true, force: true });
    },
  });
}

/** Namespaces of the networks in a cluster, sorted. */
export function listNetworks(clusterFolder: string): string[] {
  try {
    return readdirSync(join(clusterFolder, "networks")).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
