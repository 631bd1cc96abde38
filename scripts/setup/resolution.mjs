/**
 * What is known of one tool before anything is done for it.
 *
 * @typedef {object} Finding
 * @property {string | undefined} onPath  the executable on PATH, when it is of the pinned version
 * @property {string | undefined} cached  the executable in the cache
 * @property {boolean} downloadable       its publisher offers it and can be reached
 * @property {boolean} comesAlong         another tool's release brings it, which is downloaded in this run
 * @property {boolean} buildable          its Go module is pinned here
 * @property {boolean} standIn            we have a stand-in for it
 */

/** @typedef {"path" | "cache" | "download" | "along" | "build" | "stand-in"} Way */

/**
 * The ways to a tool, best first; those behind the first are for when a download fails. Official plugins go before
 * cached stand-ins, which is why a stand-in never counts as cached.
 *
 * @param {Finding} finding
 * @returns {readonly Way[]} empty when there is none
 */
export function waysTo(finding) {
  if (finding.onPath !== undefined) return ["path"];
  if (finding.cached !== undefined) return ["cache"];
  const ways = /** @type {const} */ ([
    ["download", finding.downloadable],
    ["along", finding.comesAlong],
    ["build", finding.buildable],
    ["stand-in", finding.standIn],
  ]);
  return ways.filter(([, open]) => open).map(([way]) => way);
}
