import { onPath } from "./on-path.mjs";

/** Least version of Node.js: the first of its line that lets a CommonJS program load ES modules. */
const NODE = [20, 19];

/** Least version of Go: the first that fetches the toolchain a module asks for (https://go.dev/doc/toolchain). */
export const LEAST_GO = [1, 21];

/**
 * What set-up must know of a machine before anything else.
 * @typedef {object} Machine
 * @property {string} platform as `process.platform`
 * @property {string} arch as `process.arch`
 * @property {string} node version of Node.js, e.g. "20.19.0"
 * @property {boolean} git whether git is on PATH
 * @property {boolean} npm whether npm is on PATH
 */

/** @returns {Machine} */
export function inspectMachine() {
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.versions.node,
    git: onPath("git") !== undefined,
    npm: onPath("npm") !== undefined,
  };
}

/**
 * Why set-up cannot work on a machine, and what to do, in one line; undefined when it can.
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function refusal({ platform, arch, node, git, npm }) {
  if (platform !== "linux" || !["x64", "arm64"].includes(arch)) {
    return `Linux on x64 or arm64 is needed, this is ${platform} on ${arch}: use such a machine or container`;
  }
  if (!atLeast(node, NODE)) {
    return `Node.js ${NODE.join(".")} or later is needed, this is ${node}: install one from https://nodejs.org`;
  }
  if (!git) return "git is not on PATH: install it, e.g. apt-get install git";
  if (!npm) return "npm is not on PATH: install it, it comes with Node.js from https://nodejs.org";
  return undefined;
}

/**
 * Why tools cannot be built where they cannot be downloaded; undefined when they can.
 * @param {string | undefined} go version on PATH, e.g. "1.19.8"
 * @returns {string | undefined}
 */
export function goRefusal(go) {
  if (go !== undefined && atLeast(go, LEAST_GO)) return undefined;
  const found = go === undefined ? "there is none on PATH" : `this is ${go}`;
  return (
    `Go ${LEAST_GO.join(".")} or later is needed to build the tools, since their official downloads cannot be ` +
    `reached from here; ${found}: install it from your mirror of https://go.dev/dl`
  );
}

/**
 * Whether a version is not before another, by its first numbers.
 * @param {string} version e.g. "1.26.8"
 * @param {readonly number[]} least e.g. [1, 21]
 */
export function atLeast(version, least) {
  const numbers = version.split(".").map((part) => Number.parseInt(part, 10));
  const differing = least.findIndex((number, i) => numbers[i] !== number);
  return differing === -1 || (numbers[differing] ?? 0) > /** @type {number} */ (least[differing]);
}
