import { chmod, mkdir, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { V1ConfigMap, V1KeyToPath, V1Secret } from "@kubernetes/client-node";

/** Contents by path inside a volume. */
export type Files = ReadonlyMap<string, Buffer>;

/** The contents of a ConfigMap by key. */
export const configMapData = ({ data = {}, binaryData = {} }: V1ConfigMap): Files =>
  new Map([
    ...Object.entries(data).map(([key, text]): [string, Buffer] => [key, Buffer.from(text)]),
    ...Object.entries(binaryData).map(([key, base64]): [string, Buffer] => [key, Buffer.from(base64, "base64")]),
  ]);

/** The contents of a Secret by key. */
export const secretData = ({ data = {} }: V1Secret): Files =>
  new Map(Object.entries(data).map(([key, base64]) => [key, Buffer.from(base64, "base64")]));

/**
 * The files that a volume shows: all keys, or the selected items at their paths.
 * @returns the missing key instead when a required key is missing
 */
export function projectedFiles(
  data: Files,
  items: readonly V1KeyToPath[] | undefined,
  optional: boolean,
): Files | { missing: string } {
  if (!items) return data;
  const files = new Map<string, Buffer>();
  for (const { key, path } of items) {
    const content = data.get(key);
    if (content) files.set(path, content);
    else if (!optional) return { missing: key };
  }
  return files;
}

/** Permissions of a volume's file, by its path. */
export type ModeOf = (path: string) => number;

/** Mode of files without one of their own (kubernetes.io, SecretVolumeSource). */
const DEFAULT_MODE = 0o644;

/** Permissions by the volume's `defaultMode` and those of its items. */
export const modeOf =
  (items: readonly V1KeyToPath[] = [], defaultMode = DEFAULT_MODE): ModeOf =>
  (path) =>
    items.find((item) => item.path === path)?.mode ?? defaultMode;

/** Name of the link to the current files. */
const CURRENT = "..data";

/**
 * Puts files into a volume's folder in one step, as the kubelet does (kubernetes pkg/volume/util/atomic_writer.go). The
 * files are in a folder of their own behind one link, so readers see all old files or all new ones.
 */
export async function writeProjected(folder: string, files: Files, version: number, mode: ModeOf): Promise<void> {
  const next = `..${version}`;
  await mkdir(join(folder, next), { recursive: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, next, path)), { recursive: true });
    await writeFile(join(folder, next, path), content, { mode: 0o600 });
    await chmod(join(folder, next, path), mode(path)); // not reduced by our umask
  }
  const previous = await readlink(join(folder, CURRENT)).catch(() => undefined);
  await symlink(next, join(folder, `${CURRENT}.new`));
  await rename(join(folder, `${CURRENT}.new`), join(folder, CURRENT));
  for (const path of files.keys()) await link(folder, path);
  if (previous) await rm(join(folder, previous), { recursive: true, force: true });
}

/** Removes the links to files that no longer exist. */
export async function unlinkMissing(folder: string, before: Files, now: Files): Promise<void> {
  for (const path of before.keys()) {
    if (!now.has(path)) await unlink(join(folder, path)).catch(ignoreAbsent);
  }
}

/** Makes the visible path of a file: a link through the current folder. */
async function link(folder: string, path: string): Promise<void> {
  const visible = join(folder, path);
  await mkdir(dirname(visible), { recursive: true });
  await symlink(join(relative(dirname(visible), folder), CURRENT, path), visible).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
