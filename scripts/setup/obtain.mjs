import { join } from "node:path";
import { provide } from "./cache.mjs";
import { ChecksumMismatch, downloadTool } from "./download.mjs";
import { duration } from "./estimate.mjs";
import { withHeartbeat } from "./heartbeat.mjs";
import { requireVersion } from "./path-tools.mjs";
import { broughtAlong, downloadFolder } from "./plan.mjs";
import { bundleStandIn } from "./stand-in.mjs";

/** @import { Tool } from "./catalogue.mjs" */
/** @import { Plan, Site } from "./plan.mjs" */
/** @import { Way } from "./resolution.mjs" */

/**
 * The set-up run that obtains a tool.
 *
 * @typedef {object} Run
 * @property {Site} site
 * @property {ReadonlyMap<string, string>} ready executables that this run obtained, by tool name
 * @property {(line: string) => void} say
 * @property {(error: Error) => void} onDownloadFailure
 */

/**
 * An executable and its origin: "cached", "built after 24 s", "downloaded in 3.1 s", "on PATH, FILE".
 *
 * @typedef {{file: string, how: string}} Obtained
 */

/**
 * Obtains one tool in the first way that works and is no build.
 *
 * @param {Plan} plan
 * @param {Run} run
 * @returns {Promise<Obtained | undefined>} undefined when the tool must be built
 * @throws {Error} when no way works
 */
export async function obtain(plan, run) {
  for (const way of plan.ways) {
    if (way === "build") return undefined;
    const obtained = await by(way, plan, run);
    if (obtained !== undefined) return obtained;
  }
  throw new Error(
    "Its publisher is not reachable and it has no build. Connect to the internet and run `npm run setup` again.",
  );
}

/**
 * @param {Exclude<Way, "build">} way
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
        return await download(tool, run);
      } catch (error) {
        if (error instanceof ChecksumMismatch) throw error; // somebody changed the file: no other way may hide that
        run.onDownloadFailure(/** @type {Error} */ (error));
        return undefined;
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
 * @param {Tool} tool
 * @param {Run} run
 * @returns {Promise<Obtained>}
 */
async function download(tool, { site, say }) {
  const began = Date.now();
  const folder = downloadFolder(tool, site);
  const made = provide(
    folder,
    async (part) => {
      await downloadTool(/** @type {import("./catalogue.mjs").Download} */ (tool.download), part);
      requireVersion(tool, join(part, tool.name));
    },
    (pid) => sayWaiting(say, pid),
  );
  const isNew = await withHeartbeat(made, (seconds) => say(`downloading, ${duration(seconds)} so far`));
  const how = isNew ? `downloaded in ${duration((Date.now() - began) / 1000)}` : "cached";
  return { file: join(folder, tool.name), how };
}

/**
 * @param {(line: string) => void} say
 * @param {number} pid
 */
export function sayWaiting(say, pid) {
  say(`waiting for another set-up (process ${pid})`);
}
