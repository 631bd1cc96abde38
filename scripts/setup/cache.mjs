import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { acquire } from "./lock.mjs";

/** @import { Build, Tool } from "./catalogue.mjs" */

/**
 * Folder with everything that set-up keeps for this user.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string} absolute path
 */
export function cacheFolder(env) {
  if (env.SMESHNET_CACHE) {
    if (!isAbsolute(env.SMESHNET_CACHE))
      throw new Error(`SMESHNET_CACHE is "${env.SMESHNET_CACHE}", expected an absolute path.`);
    return env.SMESHNET_CACHE;
  }
  // The XDG base directory specification says that relative values are ignored.
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "smeshnet");
}

/**
 * A short hash of several texts, which depends on the limits between them.
 *
 * @param {readonly string[]} parts
 */
export function keyOf(parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

/**
 * Key of a build. It covers everything except the Go release, whose minimum go.mod sets.
 *
 * @param {string} toolchain folder of the pinned modules
 * @param {Build} build
 * @param {string} arch
 */
export function buildKey(toolchain, build, arch) {
  const folder = join(toolchain, build.module);
  const files = [".", ...(build.sources ?? [])].flatMap((part) => {
    const names = readdirSync(join(folder, part)).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
    return names.sort().map((name) => join(part, name));
  });
  const sources = files.flatMap((name) => [name, readFileSync(join(folder, name), "utf8")]);
  return keyOf([...sources, build.package, build.ldflags, arch, ...(build.tags ?? [])]);
}

/**
 * Folder of a tool with a key.
 *
 * @param {string} cache
 * @param {Tool} tool
 * @param {string} key
 */
export function toolFolder(cache, tool, key) {
  return join(cache, "tools", `${tool.name}-${tool.version}-${key}`);
}

/**
 * Makes a folder of the cache if it is missing. The folder appears complete or not at all. When several set-ups run at
 * once, one of them makes it while the others wait.
 *
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} make fills an empty folder, which is then renamed
 * @param {(pid: number) => void} onWait
 * @returns {Promise<boolean>} whether this call made the folder
 */
export async function provide(folder, make, onWait) {
  const fill = async (/** @type {readonly Part[]} */ [part]) => {
    if (part === undefined) return;
    await make(part.part);
    part.appear();
  };
  return (await provideAll([folder], fill, onWait)).length > 0;
}

/**
 * A folder of the cache that is being made.
 *
 * @typedef {object} Part
 * @property {string} folder its final path
 * @property {string} part   the folder to fill
 * @property {() => void} appear renames `part` to `folder`
 */

/**
 * The same for several folders that are made together. Each appears as soon as it is complete, also when a later one
 * fails.
 *
 * @param {readonly string[]} folders
 * @param {(parts: readonly Part[]) => Promise<unknown>} make fills those that are missing
 * @param {(pid: number) => void} onWait
 * @returns {Promise<readonly string[]>} the folders that this call made
 */
export async function provideAll(folders, make, onWait) {
  const held = /** @type {Map<string, () => void>} */ (new Map());
  const release = (/** @type {string} */ folder) => {
    held.get(folder)?.();
    held.delete(folder);
  };
  try {
    for (const folder of [...folders].sort()) {
      if (existsSync(folder)) continue; // in one order, so that two set-ups never wait for each other
      held.set(folder, await acquire(join(dirname(folder), "../locks", basename(folder)), ({ pid }) => onWait(pid)));
      if (existsSync(folder)) release(folder);
    }
    const missing = [...held.keys()];
    if (missing.length > 0) await make(missing.map((folder) => newPart(folder, release)));
    return missing;
  } finally {
    for (const folder of [...held.keys()]) {
      rmSync(partOf(folder), { recursive: true, force: true });
      release(folder);
    }
  }
}

/**
 * Works in an empty folder beside a path, which nobody else uses meanwhile. The folder is removed afterwards, after a
 * kill by its next use.
 *
 * @param {string} path
 * @param {(folder: string) => Promise<void>} work
 * @param {(pid: number) => void} onWait
 */
export async function withScratch(path, work, onWait) {
  await provideAll([path], async ([scratch]) => scratch && work(scratch.part), onWait);
}

/** @param {string} folder */
const partOf = (folder) => `${folder}.${process.pid}.part`;

/**
 * @param {string} folder
 * @param {(folder: string) => void} release
 * @returns {Part}
 */
function newPart(folder, release) {
  clearParts(folder);
  const part = partOf(folder);
  mkdirSync(part, { recursive: true });
  const appear = () => {
    renameSync(part, folder);
    release(folder);
  };
  return { folder, part, appear };
}

/**
 * Removes the part folders that killed set-ups left behind. Their names contain the process id, so that a compiler that
 * outlives its set-up for a moment cannot write into ours.
 *
 * @param {string} folder
 */
function clearParts(folder) {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  const parts = readdirSync(parent).filter((name) => name.startsWith(`${basename(folder)}.`) && name.endsWith(".part"));
  for (const part of parts) rmSync(join(parent, part), { recursive: true, force: true });
}
