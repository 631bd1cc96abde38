/**
 * Findings about one tool before set-up changes anything.
 *
 * @typedef {object} Finding
 * @property {string | undefined} onPath  the executable on PATH, if it has the pinned version
 * @property {string | undefined} cached  the executable in the cache
 * @property {boolean} downloadable       its publisher offers it and is reachable
 * @property {boolean} comesAlong         another tool's release contains it and is downloaded in this run
 * @property {boolean} buildable          its Go module is pinned in this repository
 * @property {boolean} standIn            this repository has a stand-in for it
 */

/** @typedef {"path" | "cache" | "download" | "along" | "build" | "stand-in"} Way */

/**
 * The ways to obtain a tool, best first. The next way is taken when a download fails. Official plugins are preferred to
 * cached stand-ins, so a stand-in never counts as cached.
 *
 * @param {Finding} finding
 * @returns {readonly Way[]} empty when there is no way
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
