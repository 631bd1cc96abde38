import { ask, findOnPath } from "./programs.mjs";
import { atLeast, versionIn } from "./versions.mjs";

/**
 * The machine's properties that set-up checks.
 *
 * @typedef {object} Machine
 * @property {string} platform value of process.platform
 * @property {string} node     version of this Node.js
 * @property {boolean} git     whether git is on PATH
 * @property {boolean} npm     whether npm is on PATH
 */

const NODE = "20.19";
const GO = "1.21";

/**
 * The reason why set-up cannot start, in one line; undefined when it can.
 *
 * @param {Machine} machine
 */
export function refusal(machine) {
  if (machine.platform !== "linux") {
    return `This machine runs ${machine.platform}, but the sandbox needs Linux. Use a Linux machine, container or WSL 2.`;
  }
  if (!atLeast(machine.node, NODE)) {
    return `Node.js ${machine.node} is too old. Install Node.js ${NODE} or later (https://nodejs.org).`;
  }
  if (!machine.npm) return "npm is missing. Install npm (Debian: apt-get install npm).";
  if (!machine.git) return "git is missing. Install git (Debian: apt-get install git).";
  return undefined;
}

/**
 * The reason why tools cannot be built, in one line; undefined when they can. Go 1.21 and later downloads the Go
 * version that a pinned module requires (https://go.dev/doc/toolchain).
 *
 * @param {string | undefined} go version of the Go on PATH
 * @param {readonly string[]} tools tools to build
 * @param {string} reason reason why they are not downloaded
 */
export function buildRefusal(go, tools, reason) {
  if (tools.length === 0 || (go !== undefined && atLeast(go, GO))) return undefined;
  const state = go === undefined ? "Go is missing" : `Go ${go} is too old`;
  return `${tools.join(", ")} must be built because ${reason}, but ${state}. Install Go ${GO} or later (https://go.dev/dl).`;
}

/** @returns {Machine} */
export function thisMachine() {
  return {
    platform: process.platform,
    node: process.versions.node,
    git: findOnPath("git") !== undefined,
    npm: findOnPath("npm") !== undefined,
  };
}

/** Version of the Go on PATH before it switches to the version that a module requires; undefined without Go. */
export function goVersion() {
  return findOnPath("go") === undefined ? undefined : versionIn(ask("go", ["version"], { GOTOOLCHAIN: "local" }) ?? "");
}
