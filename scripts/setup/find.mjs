import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { sources } from "./resolution.mjs";
import { cacheNames } from "./tool.mjs";

/** @typedef {import("./tool.mjs").Tool} Tool */
/** @typedef {import("./tool-set.mjs").Found} Found */

/**
 * Finds a tool that is there already.
 * @param {Tool} tool
 * @param {object} places
 * @param {string} places.cache
 * @param {string} places.checkout
 * @param {import("./versions.mjs").Versions} places.versions
 * @param {ReadonlyMap<Tool, Found>} places.found tools found so far
 * @returns {Promise<Found | undefined>}
 */
export async function findTool(tool, { cache, checkout, versions, found }) {
  const onPath = await versions.onPath(tool);
  const beside = besidePath(tool, found);
  const cached = cachedPath(tool, cache, checkout);
  const paths = { path: onPath?.path, with: beside, cache: cached };
  const situation = { onPath: onPath?.version, beside: beside !== undefined, cached: cached !== undefined };
  for (const from of sources(tool, situation)) {
    const path = from in paths && paths[/** @type {keyof typeof paths} */ (from)];
    if (path) return { path, from };
  }
  return undefined;
}

/**
 * Path of a tool in the folder of the one that it comes with, where that has been found.
 * @param {Tool} tool
 * @param {ReadonlyMap<Tool, Found>} found
 */
export function besidePath({ name, comesWith }, found) {
  const other = [...found].find(([tool]) => tool.name === comesWith)?.[1];
  const path = other && join(dirname(realpathSync(other.path)), name);
  return path && existsSync(path) ? path : undefined;
}

/**
 * Path of a tool in the cache, by whichever way it has come there.
 * @param {Tool} tool
 * @param {string} cache
 * @param {string} checkout
 */
export function cachedPath(tool, cache, checkout) {
  const names = Object.values(cacheNames(tool, checkout));
  return names.map((name) => join(cache, "tools", name, tool.name)).find((file) => existsSync(file));
}
