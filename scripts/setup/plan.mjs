import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildKey, keyOf, toolFolder } from "./cache.mjs";
import { waysTo } from "./resolution.mjs";

/** @import { Tool } from "./catalogue.mjs" */
/** @import { Way } from "./resolution.mjs" */

/**
 * Where a run works, and what it may use.
 *
 * @typedef {object} Site
 * @property {string} checkout
 * @property {string} toolchain  folder of the pinned Go modules
 * @property {string} cache
 * @property {string} arch       as process.arch
 * @property {ReadonlyMap<string, string>} onPath executables of pinned versions on PATH, by the tools' names
 */

/**
 * How a tool will be had.
 *
 * @typedef {object} Plan
 * @property {Tool} tool
 * @property {readonly Way[]} ways best first
 * @property {string | undefined} file the executable, when it is there already
 */

/**
 * Finds out, without changing anything, how each tool will be had.
 *
 * @param {readonly Tool[]} tools
 * @param {Site} site
 * @param {boolean} downloads whether official downloads can be reached
 * @returns {readonly Plan[]} in the same order
 */
export function plan(tools, site, downloads) {
  const plans = /** @type {Plan[]} */ ([]);
  for (const tool of tools) {
    const leader = plans.find((other) => other.tool.name === tool.beside);
    const onPath = site.onPath.get(tool.name) ?? broughtAlong(tool, site.onPath.get(tool.beside ?? ""));
    const cached = inCache(tool, site) ?? broughtAlong(tool, leader?.file);
    const ways = waysTo({
      onPath,
      cached,
      downloadable: downloads && tool.download !== undefined,
      comesAlong: leader?.ways[0] === "download",
      buildable: tool.build !== undefined,
      standIn: tool.standIn !== undefined,
    });
    plans.push({ tool, ways, file: onPath ?? cached });
  }
  return plans;
}

/**
 * Whether a plan can only end in a build, if no download fails.
 *
 * @param {Plan} plan
 */
export function needsBuild(plan) {
  return plan.ways[0] === "build";
}

/**
 * Whether our stand-in for a tool is in use already. That settles it: the publisher is not asked again at every run.
 *
 * @param {Tool} tool
 * @param {Site} site
 */
export function hasStandIn(tool, site) {
  const folder = dirname(toolFolder(site.cache, tool, ""));
  const prefix = basename(toolFolder(site.cache, tool, ""));
  return (
    tool.standIn !== undefined && existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(prefix))
  );
}

/**
 * The executable in the folder of the one that its release brings it along with.
 *
 * @param {Tool} tool
 * @param {string | undefined} leader executable of the other
 */
export function broughtAlong(tool, leader) {
  const file = leader && join(dirname(leader), tool.name);
  return file && existsSync(file) ? file : undefined;
}

/**
 * Where a downloaded tool is kept.
 *
 * @param {Tool} tool
 * @param {Site} site
 */
export function downloadFolder(tool, site) {
  return toolFolder(site.cache, tool, keyOf([tool.download?.url ?? ""]));
}

/**
 * Where a built tool is kept.
 *
 * @param {Tool} tool
 * @param {import("./catalogue.mjs").Build} build
 * @param {Site} site
 */
export function buildFolder(tool, build, site) {
  return toolFolder(site.cache, tool, buildKey(site.toolchain, build, site.arch));
}

/**
 * @param {Tool} tool
 * @param {Site} site
 */
function inCache(tool, site) {
  const folders = [
    ...(tool.download ? [downloadFolder(tool, site)] : []),
    ...(tool.build ? [buildFolder(tool, tool.build, site)] : []),
  ];
  return folders.map((folder) => join(folder, tool.name)).find(existsSync);
}
