import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { acquire } from "./lock.mjs";

/** @import { Build, Tool } from "./catalogue.mjs" */

/**
 * Folder of all that set-up keeps for this user.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {string} absolute path
 */
export function cacheFolder(env) {
  if (env.SMESHNET_CACHE) {
    if (!isAbsolute(env.SMESHNET_CACHE)) throw new Error("SMESHNET_CACHE must be an absolute path");
    return env.SMESHNET_CACHE;
  }
  // The XDG base directory specification has relative values ignored.
  const base = env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(homedir(), ".cache");
  return join(base, "smeshnet");
}

/**
 * A short hash of several texts; where one ends and the next begins counts.
 *
 * @param {readonly string[]} parts
 */
export function keyOf(parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

/**
 * Key of a build: everything that the executable depends on but the Go release, which go.mod bounds from below.
 *
 * @param {string} toolchain folder of the pinned modules
 * @param {Build} build
 * @param {string} arch
 */
export function buildKey(toolchain, build, arch) {
  const folder = join(toolchain, build.module);
  const files = readdirSync(folder).filter((name) => /^go\.(mod|sum)$|\.go$/.test(name));
  const sources = files.sort().flatMap((name) => [name, readFileSync(join(folder, name), "utf8")]);
  return keyOf([...sources, build.package, build.ldflags, arch]);
}

/**
 * Where a tool of a key is kept.
 *
 * @param {string} cache
 * @param {Tool} tool
 * @param {string} key
 */
export function toolFolder(cache, tool, key) {
  return join(cache, "tools", `${tool.name}-${tool.version}-${key}`);
}

/**
 * Fills a folder of the cache unless it is there. It appears complete or not at all, and of several set-ups at once
 * one makes it while the others wait.
 *
 * @param {string} folder
 * @param {(folder: string) => Promise<void>} make fills an empty folder beside it
 * @param {(pid: number) => void} onWait
 * @returns {Promise<boolean>} whether it was made now, by this process
 */
export async function provide(folder, make, onWait) {
  if (existsSync(folder)) return false;
  const release = await acquire(join(dirname(folder), "../locks", basename(folder)), ({ pid }) => onWait(pid));
  try {
    if (existsSync(folder)) return false;
    clearParts(folder);
    const part = `${folder}.${process.pid}.part`;
    mkdirSync(part, { recursive: true });
    try {
      await make(part);
      renameSync(part, folder);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
    return true;
  } finally {
    release();
  }
}

/**
 * Removes what killed set-ups left of a folder. Part folders carry the process id, so that a compiler that outlived its
 * set-up for a moment cannot write into ours.
 *
 * @param {string} folder
 */
function clearParts(folder) {
  const parent = dirname(folder);
  if (!existsSync(parent)) return;
  const parts = readdirSync(parent).filter((name) => name.startsWith(`${basename(folder)}.`) && name.endsWith(".part"));
  for (const part of parts) rmSync(join(parent, part), { recursive: true, force: true });
}
