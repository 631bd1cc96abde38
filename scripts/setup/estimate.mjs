/**
 * A length of time as a person would say it.
 *
 * @param {number} seconds
 * @returns {string} for example "1.4 s", "24 s", "7 min"
 */
export function duration(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/**
 * What is said before a build begins.
 *
 * @param {number} own  expected seconds of this build
 * @param {readonly number[]} later expected seconds of each build after it
 */
export function estimate(own, later) {
  const rest = later.reduce((sum, seconds) => sum + seconds, 0);
  const after =
    later.length === 0 ? "the last build" : `then ${count(later.length, "build")} more, about ${duration(rest)}`;
  return `building, about ${duration(own)} on two cores; ${after}`;
}

/**
 * What is said while a build goes on.
 *
 * @param {{seconds: number, compiled: number, packages: number, fetched: number}} progress `packages` is how many the
 *   program consists of; those in Go's own cache are not compiled again
 */
export function heartbeat({ seconds, compiled, packages, fetched }) {
  const modules = fetched === 0 ? "" : `, ${count(fetched, "module")} fetched`;
  return `${compiled} of at most ${count(packages, "package")} compiled${modules}, ${duration(seconds)} so far`;
}

/**
 * @param {number} number
 * @param {string} thing
 */
function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
