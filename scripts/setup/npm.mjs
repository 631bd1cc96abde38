import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./processes.mjs";

/** What `npm ci` takes with 2 cores and an empty cache, in seconds. */
export const NPM_SECONDS = 20;

/**
 * A lock file of npm, version 3 (docs.npmjs.com, package-lock.json): packages by folder, "" being the project itself.
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} NpmLock
 */

/**
 * Whether what is installed is what package-lock.json says: every package in its version, but for optional ones, which
 * are for other machines, and no other.
 * @param {NpmLock} wanted package-lock.json
 * @param {NpmLock | undefined} installed node_modules/.package-lock.json, which npm writes last of all
 */
export function matches(wanted, installed) {
  if (!installed) return false;
  const { "": _project, ...packages } = wanted.packages;
  const same = Object.entries(packages).every(([folder, { version, integrity, optional = false }]) => {
    const found = installed.packages[folder];
    return found ? found.version === version && found.integrity === integrity : optional;
  });
  return same && Object.keys(installed.packages).every((folder) => folder in packages);
}

/** @param {string} checkout */
export function isInstalled(checkout) {
  const wanted = readLock(join(checkout, "package-lock.json"));
  return wanted !== undefined && matches(wanted, readLock(hiddenLock(checkout)));
}

/**
 * Installs the npm packages. Install scripts are not run: those of two of Pulumi's packages try to download plugins,
 * and no other package needs its own.
 * @param {string} checkout
 * @param {AbortSignal} signal
 */
export async function installPackages(checkout, signal) {
  // npm trusts this file; without it an installation that is interrupted cannot be taken for a complete one.
  rmSync(hiddenLock(checkout), { force: true });
  const quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  await run("npm", ["ci", "--ignore-scripts", ...quiet], { cwd: checkout, signal });
}

/** @param {string} checkout */
const hiddenLock = (checkout) => join(checkout, "node_modules/.package-lock.json");

/**
 * @param {string} file
 * @returns {NpmLock | undefined} undefined when it is missing or cut off
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
