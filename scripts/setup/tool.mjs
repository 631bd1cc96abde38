import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf } from "./cache.mjs";

/**
 * A tool of the sandbox in one version, and the ways it can be had.
 * @typedef {object} Tool
 * @property {string} name file name of the executable
 * @property {string} version without a leading v
 * @property {string} [plugin] name of the Pulumi plugin that it is
 * @property {VersionQuery} [ask] how to learn the version of one on PATH; without it none is taken from there
 * @property {string} [comesWith] tool in whose folder it is when that one is the official one
 * @property {import("./download.mjs").Download} [download] the official one
 * @property {GoBuild} [build]
 * @property {StandIn} [standIn]
 */

/**
 * @typedef {object} VersionQuery
 * @property {readonly string[]} args
 * @property {RegExp} answer its first group is the version
 */

/**
 * A build from pinned Go modules. They need no publisher's checksum: go.sum holds that of every module.
 * @typedef {object} GoBuild
 * @property {string} module folder in sandbox/toolchain
 * @property {string} package
 * @property {readonly string[]} [variables] to be set, as `-X` of the linker takes them
 * @property {{ module: string, folder: string, files: readonly string[] }} [overlay] files of a dependency that the
 *   build is to find in our folder
 * @property {number} seconds that it takes on 2 cores with empty caches, for the estimate
 * @property {number} gigabytes of memory that it needs
 */

/**
 * A plugin of ours in place of one that is not to be had.
 * @typedef {object} StandIn
 * @property {string} sources folder in the checkout
 * @property {string} entry file in it
 */

/** Linker flags of every build: no symbol table and no debug information, which halves the size. */
export const LDFLAGS = "-s -w";

/**
 * Names of the folders in the cache where a tool may be, the official one first. A name says all that the content
 * depends on, so what is there is never out of date.
 * @param {Tool} tool
 * @param {string} checkout
 * @returns {Partial<Record<"download" | "build" | "stand-in", string>>}
 */
export function cacheNames(tool, checkout) {
  const name = (/** @type {readonly (string | Buffer)[]} */ parts) => `${tool.name}-${tool.version}-${keyOf(parts)}`;
  const { download, build, standIn } = tool;
  return {
    ...(download && { download: name([download.url]) }),
    ...(build && { build: name(partsOfBuild(build, checkout)) }),
    ...(standIn && { "stand-in": name(partsOfStandIn(standIn, checkout)) }),
  };
}

/** @param {GoBuild} build @param {string} checkout */
function partsOfBuild(build, checkout) {
  const flags = [LDFLAGS, ...(build.variables ?? [])].join(" ");
  return [process.arch, flags, build.package, ...contents(moduleFolder(build, checkout))];
}

/** @param {StandIn} standIn @param {string} checkout */
function partsOfStandIn({ sources, entry }, checkout) {
  return [entry, readFileSync(join(checkout, "package-lock.json")), ...contents(join(checkout, sources))];
}

/** @param {GoBuild} build @param {string} checkout */
export const moduleFolder = (build, checkout) => join(checkout, "sandbox/toolchain", build.module);

/**
 * Names and contents of all files of a folder.
 * @param {string} folder
 */
function contents(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return files.flatMap((file) => [file.slice(folder.length), readFileSync(file)]);
}
