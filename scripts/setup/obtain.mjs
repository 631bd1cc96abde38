import { join } from "node:path";
import { buildTool } from "./build.mjs";
import { provide } from "./cache.mjs";
import { downloadTool } from "./download.mjs";
import { duration, estimate } from "./estimate.mjs";
import { toldVersion } from "./path-tools.mjs";
import { broughtAlong, buildFolder, downloadFolder } from "./plan.mjs";
import { bundleStandIn } from "./stand-in.mjs";

/** @import { Tool } from "./catalogue.mjs" */
/** @import { Plan, Site } from "./plan.mjs" */
/** @import { Way } from "./resolution.mjs" */

/**
 * The set-up run that obtains a tool.
 *
 * @typedef {object} Run
 * @property {Site} site
 * @property {readonly number[]} later expected seconds of the builds that come after this one
 * @property {ReadonlyMap<string, string>} ready executables that this run obtained, by tool name
 * @property {(line: string) => void} say
 * @property {(error: Error) => void} onDownloadFailure
 */

/**
 * An executable and its origin: "cached", "built in 24 s", "downloaded in 3.1 s", "on PATH, FILE".
 *
 * @typedef {{file: string, how: string}} Obtained
 */

/**
 * Obtains one tool in the first way that works.
 *
 * @param {Plan} plan
 * @param {Run} run
 * @returns {Promise<Obtained>}
 * @throws {Error} when no way works
 */
export async function obtain(plan, run) {
  for (const way of plan.ways) {
    const obtained = await by(way, plan, run);
    if (obtained !== undefined) return obtained;
  }
  throw new Error(
    "Its publisher is not reachable and it has no build. Connect to the internet and run `npm run setup` again.",
  );
}

/**
 * @param {Way} way
 * @param {Plan} plan
 * @param {Run} run
 * @returns {Promise<Obtained | undefined>} undefined when this way failed and the next one may work
 */
async function by(way, { tool, file = "" }, run) {
  const { site, say } = run;
  switch (way) {
    case "path":
      return { file, how: `on PATH, ${file}` };
    case "cache":
      return { file, how: "cached" };
    case "along": {
      const along = broughtAlong(tool, run.ready.get(tool.beside ?? ""));
      return along === undefined ? undefined : { file: along, how: `installed with ${tool.beside}` };
    }
    case "download":
      try {
        return await make("downloaded", downloadFolder(tool, site), tool, run, (part) => fetchInto(part, tool));
      } catch (error) {
        run.onDownloadFailure(/** @type {Error} */ (error));
        return undefined;
      }
    case "build": {
      const build = /** @type {import("./catalogue.mjs").Build} */ (tool.build);
      return make("built", buildFolder(tool, build, site), tool, run, (output) => {
        say(estimate(build.seconds, run.later));
        return buildTool({ toolchain: site.toolchain, build, output, name: tool.name, onProgress: say });
      });
    }
    case "stand-in": {
      const { file: bundle, made } = await bundleStandIn(site.checkout, site.cache, tool, (pid) =>
        sayWaiting(say, pid),
      );
      return { file: bundle, how: made ? "our stand-in, bundled" : "our stand-in, cached" };
    }
  }
}

/**
 * @param {string} done
 * @param {string} folder
 * @param {Tool} tool
 * @param {Run} run
 * @param {(part: string) => Promise<void>} fill
 * @returns {Promise<Obtained>}
 */
async function make(done, folder, tool, run, fill) {
  const began = Date.now();
  const made = await provide(
    folder,
    async (part) => {
      await fill(part);
      const told = toldVersion(tool, join(part, tool.name));
      if (tool.ask && told !== tool.version)
        throw new Error(`It reports version ${told ?? "unknown"}, expected ${tool.version}.`);
    },
    (pid) => sayWaiting(run.say, pid),
  );
  return {
    file: join(folder, tool.name),
    how: made ? `${done} in ${duration((Date.now() - began) / 1000)}` : "cached",
  };
}

/**
 * @param {string} part
 * @param {Tool} tool
 */
async function fetchInto(part, tool) {
  await downloadTool(/** @type {import("./catalogue.mjs").Download} */ (tool.download), part);
}

/**
 * @param {(line: string) => void} say
 * @param {number} pid
 */
function sayWaiting(say, pid) {
  say(`waiting for another set-up (process ${pid})`);
}
