import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildKey, keyOf, toolFolder } from "./cache.mjs";
import { waysTo } from "./resolution.mjs";

/** @import { Tool } from "./catalogue.mjs" */
/** @import { Way } from "./resolution.mjs" */

/**
 * Folders and tools of a run.
 *
 * @typedef {object} Site
 * @property {string} checkout
 * @property {string} toolchain  folder of the pinned Go modules
 * @property {string} cache
 * @property {string} arch       value of process.arch
 * @property {ReadonlyMap<string, string>} onPath executables of pinned versions on PATH, by tool name
 */

/**
 * The ways to obtain a tool.
 *
 * @typedef {object} Plan
 * @property {Tool} tool
 * @property {readonly Way[]} ways best first
 * @property {string | undefined} file the executable, if it already exists
 */

/**
 * Decides how to obtain each tool, without changing anything.
 *
 * @param {readonly Tool[]} tools
 * @param {Site} site
 * @param {boolean} downloads whether official downloads are reachable
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
 * Whether a plan starts with a build.
 *
 * @param {Plan} plan
 */
export function needsBuild(plan) {
  return plan.ways[0] === "build";
}

/**
 * Whether our stand-in for a tool is already in use. If so, set-up does not ask the publisher again in every run.
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
 * The executable beside another tool whose release contains it.
 *
 * @param {Tool} tool
 * @param {string | undefined} leader executable of the other tool
 */
export function broughtAlong(tool, leader) {
  const file = leader && join(dirname(leader), tool.name);
  return file && existsSync(file) ? file : undefined;
}

/**
 * Folder of a downloaded tool.
 *
 * @param {Tool} tool
 * @param {Site} site
 */
export function downloadFolder(tool, site) {
  return toolFolder(site.cache, tool, keyOf([tool.download?.url ?? ""]));
}

/**
 * Folder of a built tool.
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
