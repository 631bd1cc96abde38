/**
 * A way to have a tool: one on PATH, one that came with another tool, one in the cache, the official download, a build
 * from pinned Go modules, a stand-in of ours.
 * @typedef {"path" | "with" | "cache" | "download" | "along" | "build" | "stand-in"} Source
 */

/**
 * What is known when a tool is to be had.
 * @typedef {object} Situation
 * @property {string} [onPath] version of the one on PATH
 * @property {boolean} [beside] whether the tool it comes with is there and has it beside it
 * @property {boolean} [cached] whether it is in the cache
 * @property {boolean} [reachable] whether official downloads can be reached
 */

/**
 * The ways to have a tool, the best first; the later ones are for when those before fail. What is there is used as it
 * is. What has to be made is downloaded where that is possible, which takes seconds and not minutes, and a tool that
 * comes with another's download is expected from there.
 * @param {Pick<import("./tool.mjs").Tool, "version" | "comesWith" | "download" | "along" | "build" | "standIn">} tool
 * @param {Situation} situation
 * @returns {readonly Source[]} empty when it cannot be had
 */
export function sources(tool, { onPath, beside = false, cached = false, reachable = false }) {
  if (onPath === tool.version) return ["path"];
  if (beside) return ["with"];
  if (cached) return ["cache"];
  /** @type {[Source, unknown][]} */
  const ways = [
    ["with", reachable && tool.comesWith],
    ["download", reachable && tool.download],
    ["build", tool.build],
    ["stand-in", tool.standIn],
  ];
  return ways.filter(([, possible]) => possible).map(([source]) => source);
}

/**
 * The version in what a tool says when it is asked.
 * @param {string} text
 * @param {RegExp} answer
 * @returns {string | undefined}
 */
export function versionIn(text, answer) {
  return new RegExp(answer, "m").exec(text)?.[1];
}
