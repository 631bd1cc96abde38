import { mkdir } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { V1ConfigMap, V1KeyToPath, V1Secret } from "@kubernetes/client-node";
import type { KubernetesApi } from "./api";
import {
  configMapData,
  type Files,
  modeOf,
  projectedFiles,
  secretData,
  unlinkMissing,
  writeProjected,
} from "./projected-files";

/** A volume that cannot be mounted now. The pod's containers wait and show the message. */
export class MountError extends Error {
  override readonly name = "MountError";
}

/** The ConfigMap or Secret that a volume shows, and the selected keys. */
export interface ConfigVolumeSource {
  readonly kind: "configmaps" | "secrets";
  readonly name: string;
  readonly items: readonly V1KeyToPath[] | undefined;
  /** Whether the object may be missing. Until it exists, the volume is empty. */
  readonly optional: boolean;
  /** Permissions of files whose item names none. */
  readonly defaultMode?: number;
}

/** A volume that shows a ConfigMap or Secret as files and follows its changes. */
export class ConfigVolume {
  private shown: Files = new Map();
  private version = 0;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly source: ConfigVolumeSource,
  ) {}

  /** @throws {MountError} when the object or one of its keys is missing and not optional */
  static async mount(
    api: KubernetesApi,
    namespace: string,
    folder: string,
    source: ConfigVolumeSource,
  ): Promise<ConfigVolume> {
    const { kind, name, optional } = source;
    const object = await api.find<V1ConfigMap | V1Secret>(`/api/v1/namespaces/${namespace}/${kind}/${name}`);
    if (!object && !optional) throw new MountError(`${kind.replace(/s$/, "")} "${name}" not found`);
    const files = filesOf(source, object);
    if ("missing" in files) throw new MountError(`${name} references non-existent config key: ${files.missing}`);
    const volume = new ConfigVolume(folder, source);
    await mkdir(folder, { recursive: true });
    await volume.show(files);
    return volume;
  }

  /** Shows the new contents of an object, if this volume uses the object. */
  update(kind: ConfigVolumeSource["kind"], name: string, object: V1ConfigMap | V1Secret | undefined): Promise<void> {
    if (kind !== this.source.kind || name !== this.source.name) return this.writing;
    // As in the kubelet, a required object keeps its files when it is deleted or loses a key.
    if (!object && !this.source.optional) return this.writing;
    const files = filesOf(this.source, object);
    if ("missing" in files) return this.writing;
    this.writing = this.writing.then(() => this.show(files));
    return this.writing;
  }

  private async show(files: Files): Promise<void> {
    if (this.version > 0 && isDeepStrictEqual(files, this.shown)) return;
    const before = this.shown;
    this.shown = files;
    this.version += 1;
    const { items, defaultMode } = this.source;
    await writeProjected(this.folder, files, this.version, modeOf(items, defaultMode));
    await unlinkMissing(this.folder, before, files);
  }
}

function filesOf(
  { kind, items, optional }: ConfigVolumeSource,
  object: V1ConfigMap | V1Secret | undefined,
): Files | { missing: string } {
  if (!object) return new Map();
  const data = kind === "configmaps" ? configMapData(object as V1ConfigMap) : secretData(object as V1Secret);
  return projectedFiles(data, items, optional);
}
