import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type {
  V1ConfigMap,
  V1Container,
  V1KeyToPath,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
  V1Volume,
} from "@kubernetes/client-node";
import type { KubernetesApi } from "./api";
import { ConfigVolume, type ConfigVolumeSource, MountError } from "./config-volume";
import { volumeFolder } from "./storage";

/** The volumes of a running pod as real folders. */
export class Volumes {
  private constructor(
    private readonly folders: ReadonlyMap<string, string>,
    private readonly configs: readonly ConfigVolume[],
  ) {}

  /**
   * Creates and fills the folders of a pod's volumes.
   * @param folder the pod's own folder
   * @throws {MountError} when an object that a volume needs is missing
   */
  static async mount(api: KubernetesApi, pod: V1Pod, clusterFolder: string, folder: string): Promise<Volumes> {
    const namespace = pod.metadata?.namespace ?? "default";
    const folders = new Map<string, string>();
    const configs: ConfigVolume[] = [];
    for (const volume of pod.spec?.volumes ?? []) {
      const own = join(folder, "volumes", volume.name);
      const source = configSource(volume);
      if (volume.persistentVolumeClaim) {
        folders.set(volume.name, await claimedFolder(api, namespace, volume, clusterFolder));
      } else if (source) {
        configs.push(await ConfigVolume.mount(api, namespace, own, source));
        folders.set(volume.name, own);
      } else if (volume.emptyDir || volume.projected) {
        // A projection holds the token for an API server that pods cannot reach here, so its folder stays empty.
        await mkdir(own, { recursive: true });
        folders.set(volume.name, own);
      } else {
        throw new MountError(`the sandbox does not support the kind of volume ${volume.name}`);
      }
    }
    return new Volumes(folders, configs);
  }

  /** The real folder behind each mount path of a container. */
  mountsOf({ volumeMounts = [] }: V1Container): Record<string, string> {
    const mounts = volumeMounts.map(({ name, mountPath, subPath = "" }) => [
      mountPath,
      join(this.folders.get(name) ?? "", subPath),
    ]);
    return Object.fromEntries(mounts) as Record<string, string>;
  }

  /** Updates the volumes that show a ConfigMap or Secret; undefined means that the object was deleted. */
  async update(kind: ConfigVolumeSource["kind"], name: string, object: V1ConfigMap | V1Secret | undefined) {
    for (const volume of this.configs) await volume.update(kind, name, object);
  }
}

function configSource({ configMap, secret }: V1Volume): ConfigVolumeSource | undefined {
  type Shown = { items?: V1KeyToPath[]; optional?: boolean; defaultMode?: number };
  const of = (kind: "configmaps" | "secrets", name = "", { items, optional = false, defaultMode }: Shown) => ({
    kind,
    name,
    items,
    optional,
    ...(defaultMode === undefined ? {} : { defaultMode }),
  });
  if (configMap) return of("configmaps", configMap.name, configMap);
  if (secret) return of("secrets", secret.secretName, secret);
  return undefined;
}

async function claimedFolder(
  api: KubernetesApi,
  namespace: string,
  { persistentVolumeClaim }: V1Volume,
  clusterFolder: string,
): Promise<string> {
  const name = persistentVolumeClaim?.claimName;
  const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`;
  const claim = await api.find<V1PersistentVolumeClaim>(path);
  const volume = claim?.spec?.volumeName;
  if (!volume) throw new MountError(`persistentvolumeclaim "${name}" is ${claim ? "not bound" : "not found"}`);
  const folder = volumeFolder(clusterFolder, volume);
  await mkdir(folder, { recursive: true });
  return folder;
}
