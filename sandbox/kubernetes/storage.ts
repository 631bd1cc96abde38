import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { ApiError, type KubernetesApi } from "./api";
import { type Reflector, reflect } from "./reflector";

/** Name of the storage class, the same as GKE's default. */
const CLASS = "standard";
const PROVISIONER = "smeshnet.sandbox/folder";

/** Folder behind a PersistentVolume. */
export const volumeFolder = (clusterFolder: string, volume: string): string => join(clusterFolder, "volumes", volume);

/** Creates the default StorageClass. */
export async function createStorageClass(api: KubernetesApi): Promise<void> {
  await api.create<V1StorageClass>("/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "Immediate",
  });
}

/** Creates a folder as the volume for every claim of the default class, and removes released volumes. */
export function provisionVolumes(api: KubernetesApi, clusterFolder: string): Reflector<unknown>[] {
  const report = (error: Error) => console.error(`volumes: ${error.message}`);
  const claims = reflect<V1PersistentVolumeClaim>(api, "/api/v1/persistentvolumeclaims", {
    changed(claim) {
      if (wantsVolume(claim)) provision(api, clusterFolder, claim).catch(report);
    },
  });
  const volumes = reflect<V1PersistentVolume>(api, "/api/v1/persistentvolumes", {
    changed(volume) {
      if (volume.status?.phase === "Released") remove(api, clusterFolder, volume).catch(report);
    },
  });
  return [claims, volumes];
}

const wantsVolume = ({ metadata, spec }: V1PersistentVolumeClaim): boolean =>
  spec?.storageClassName === CLASS && !spec.volumeName && !metadata?.deletionTimestamp;

async function provision(api: KubernetesApi, clusterFolder: string, claim: V1PersistentVolumeClaim): Promise<void> {
  try {
    await api.create("/api/v1/persistentvolumes", volumeFor(claim, clusterFolder));
  } catch (error) {
    // A claim changes more than once before it is bound.
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
  }
}

function volumeFor({ metadata, spec }: V1PersistentVolumeClaim, clusterFolder: string): V1PersistentVolume {
  const name = `pvc-${metadata?.uid}`;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
    spec: {
      accessModes: spec?.accessModes,
      capacity: { storage: spec?.resources?.requests?.storage ?? "1Gi" },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: metadata?.namespace,
        name: metadata?.name,
        uid: metadata?.uid,
      },
      hostPath: { path: volumeFolder(clusterFolder, name), type: "DirectoryOrCreate" },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: CLASS,
      volumeMode: spec?.volumeMode,
    },
  };
}

async function remove(
  api: KubernetesApi,
  clusterFolder: string,
  { metadata, spec }: V1PersistentVolume,
): Promise<void> {
  if (spec?.storageClassName !== CLASS) return;
  const name = metadata?.name ?? "";
  await rm(volumeFolder(clusterFolder, name), { recursive: true, force: true });
  await api.delete(`/api/v1/persistentvolumes/${name}`).catch((error: unknown) => {
    // A volume changes more than once after its release.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  });
}
