import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { buildTools, fetchModules } from "./build.mjs";
import { keyOf, provideAll, withScratch } from "./cache.mjs";
import { duration } from "./estimate.mjs";
import { sayWaiting } from "./obtain.mjs";
import { requireVersion } from "./path-tools.mjs";
import { buildFolder } from "./plan.mjs";

/** @import { Build, Tool } from "./catalogue.mjs" */
/** @import { Part } from "./cache.mjs" */
/** @import { Obtained } from "./obtain.mjs" */
/** @import { Site } from "./plan.mjs" */

/**
 * A tool that has a build.
 *
 * @typedef {Tool & {build: Build}} Buildable
 */

/**
 * Tools that are built together, since one module pins them.
 *
 * @typedef {object} Batch
 * @property {string} module
 * @property {readonly Buildable[]} tools
 */

/**
 * @param {readonly Tool[]} tools tools with a build
 * @returns {readonly Batch[]} in the order of the tools
 */
export function batchesOf(tools) {
  const buildable = /** @type {readonly Buildable[]} */ (tools.filter(({ build }) => build !== undefined));
  const modules = [...new Set(buildable.map(({ build }) => build.module))];
  return modules.map((module) => ({ module, tools: buildable.filter(({ build }) => build.module === module) }));
}

/** Expected seconds of a batch. @param {Batch} batch */
export const secondsOf = ({ tools }) => tools.reduce((sum, { build }) => sum + build.seconds, 0);

/**
 * Fetches the modules of all batches, one batch after another, while the compiler works on the first.
 *
 * @param {readonly Batch[]} batches
 * @param {string} toolchain
 * @param {(batch: Batch, line: string) => void} say
 * @returns {(batch: Batch) => Promise<number>} resolves when the modules of a batch are there, with the number of its
 *   packages
 */
export function fetchAhead(batches, toolchain, say) {
  const fetched = /** @type {Map<string, Promise<number>>} */ (new Map());
  const fetch = (/** @type {Batch} */ batch) =>
    fetchModules(
      toolchain,
      batch.module,
      batch.tools.map(({ build }) => build),
      (line) => say(batch, line),
    );
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  for (const batch of batches) {
    const own = last.then(() => fetch(batch));
    own.catch(() => {}); // whoever builds the batch gets the error
    fetched.set(batch.module, own);
    last = own;
  }
  // A download that failed may have added tools to a batch since.
  return (batch) => fetched.get(batch.module) ?? fetch(batch);
}

/**
 * Builds the tools of a batch that are not in the cache.
 *
 * @param {Batch} batch
 * @param {number} packages number of their packages
 * @param {object} run
 * @param {Site} run.site
 * @param {(line: string) => void} run.say
 * @param {string} run.estimate the line before the build begins
 * @param {() => void} run.onSlack see buildTools
 * @param {(tool: Tool, obtained: Obtained) => void} run.onObtained called as soon as a tool is in the cache
 */
export async function buildBatch({ module, tools }, packages, { site, say, estimate, onSlack, onObtained }) {
  const byFolder = new Map(tools.map((tool) => [buildFolder(tool, tool.build, site), tool]));
  const wait = (/** @type {number} */ pid) => sayWaiting(say, pid);
  const obtained = (/** @type {string} */ folder, /** @type {Buildable} */ tool, /** @type {string} */ how) =>
    onObtained(tool, { file: join(folder, tool.name), how });
  const fill = async (/** @type {readonly Part[]} */ parts) => {
    const partOf = new Map(parts.map((part) => [/** @type {Buildable} */ (byFolder.get(part.folder)), part]));
    const missing = new Map([...partOf.keys()].map((tool) => [tool.build, tool]));
    const onBuilt = (/** @type {Build} */ build, /** @type {string} */ file, /** @type {number} */ seconds) => {
      const tool = /** @type {Buildable} */ (missing.get(build));
      const { folder, part, appear } = /** @type {Part} */ (partOf.get(tool));
      renameSync(file, join(part, tool.name));
      requireVersion(tool, join(part, tool.name));
      appear();
      obtained(folder, tool, `built after ${duration(seconds)}`);
    };
    const builds = [...missing.keys()];
    const build = (/** @type {string} */ folder) => {
      say(estimate);
      return buildTools({ toolchain: site.toolchain, module, builds, folder, packages, say, onSlack, onBuilt });
    };
    await withScratch(join(site.cache, "tools", `build-${keyOf([module])}`), build, wait);
  };
  const made = await provideAll([...byFolder.keys()], fill, wait);
  for (const [folder, tool] of byFolder) {
    if (!made.includes(folder) && existsSync(folder)) obtained(folder, tool, "cached");
  }
}
