/** Expected seconds of a download: most are some ten megabytes. */
const DOWNLOAD = 10;
/** Expected seconds of bundling a stand-in. */
const STAND_IN = 2;
/** Expected seconds done before the machine's own speed is believed. */
const LEAST = 20;

/**
 * What having a tool from its first source is expected to take, in seconds.
 * @param {import("./tool.mjs").Tool} tool
 * @param {import("./resolution.mjs").Source | undefined} source
 */
export function expectedSeconds({ build }, source) {
  if (source === "download") return DOWNLOAD;
  if (source === "stand-in") return STAND_IN;
  return source === "build" ? (build?.seconds ?? 0) : 0;
}

/**
 * What is left of a plan, in seconds. What the finished steps took in relation to what was expected says how fast this
 * machine is.
 * @param {readonly number[]} expected seconds of all steps
 * @param {readonly number[]} taken seconds of the finished ones
 * @param {number} running seconds that the current one has taken so far
 */
export function secondsLeft(expected, taken, running) {
  const sum = (/** @type {readonly number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0);
  const done = sum(expected.slice(0, taken.length));
  const pace = done < LEAST ? 1 : sum(taken) / done;
  const [current = 0, ...later] = expected.slice(taken.length);
  return Math.max(0, current * pace - running) + sum(later) * pace;
}

/**
 * @param {number} seconds
 * @returns {string} e.g. "48 s" or "14 min"
 */
export function duration(seconds) {
  return seconds < 99.5 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
