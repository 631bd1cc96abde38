import { ask, findOnPath } from "./programs.mjs";
import { atLeast, versionIn } from "./versions.mjs";

/**
 * What set-up must know of the machine.
 *
 * @typedef {object} Machine
 * @property {string} platform as process.platform
 * @property {string} node     version of this Node.js
 * @property {boolean} git     whether it is on PATH
 * @property {boolean} npm     whether it is on PATH
 */

const NODE = "20.19";
const GO = "1.21";

/**
 * Why set-up cannot even start here, in one line, or undefined when it can.
 *
 * @param {Machine} machine
 */
export function refusal(machine) {
  if (machine.platform !== "linux") {
    return `this machine runs ${machine.platform}, the sandbox needs Linux: use a Linux machine, container or WSL 2`;
  }
  if (!atLeast(machine.node, NODE)) {
    return `Node.js ${machine.node} is too old: install Node.js ${NODE} or newer (https://nodejs.org)`;
  }
  if (!machine.npm) return "npm is missing: install npm (Debian: apt-get install npm)";
  if (!machine.git) return "git is missing: install git (Debian: apt-get install git)";
  return undefined;
}

/**
 * Why tools cannot be built here, in one line, or undefined when they can. Go from 1.21 on fetches the newer Go that
 * the pinned modules ask for by itself (https://go.dev/doc/toolchain).
 *
 * @param {string | undefined} go version of the Go on PATH
 * @param {readonly string[]} tools what would have to be built
 * @param {string} reason why these are not downloaded
 */
export function buildRefusal(go, tools, reason) {
  if (tools.length === 0 || (go !== undefined && atLeast(go, GO))) return undefined;
  const state = go === undefined ? "Go is missing" : `Go ${go} is too old`;
  return `${state} and ${reason}, so ${tools.join(", ")} must be built: install Go ${GO} or newer (https://go.dev/dl)`;
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

/** Version of the Go on PATH itself, before it switches to the one that a module asks for; undefined without Go. */
export function goVersion() {
  return findOnPath("go") === undefined ? undefined : versionIn(ask("go", ["version"], { GOTOOLCHAIN: "local" }) ?? "");
}
