/**
 * A duration in the unit that a person would use.
 *
 * @param {number} seconds
 * @returns {string} for example "1.4 s", "24 s", "7 min"
 */
export function duration(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/**
 * The line before a build begins.
 *
 * @param {number} own  expected seconds of this build
 * @param {readonly number[]} later expected seconds of each build that begins after it
 */
export function estimate(own, later) {
  const rest = later.reduce((sum, seconds) => sum + seconds, 0);
  const after = later.length === 0 ? "the last build" : `${count(later.length, "more build")}, about ${duration(rest)}`;
  return `building, about ${duration(own)} on two cores; ${after}`;
}

/**
 * The line while Go modules are fetched.
 *
 * @param {{seconds: number, fetched: number}} progress
 */
export function fetching({ seconds, fetched }) {
  return `${count(fetched, "module")} fetched, ${duration(seconds)} so far`;
}

/**
 * The line while a build runs.
 *
 * @param {{seconds: number, compiled: number, packages: number}} progress `packages` is the number of the programs'
 *   packages; packages in Go's own cache are not compiled again
 */
export function compiling({ seconds, compiled, packages }) {
  return `${compiled} of at most ${count(packages, "package")} compiled, ${duration(seconds)} so far`;
}

/**
 * @param {number} number
 * @param {string} thing
 */
function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
