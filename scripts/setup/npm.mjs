import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf } from "./cache.mjs";
import { run } from "./children.mjs";
import { acquire } from "./lock.mjs";

/**
 * One entry of a lock file's `packages`, limited to the fields that identify an installed package
 * (https://docs.npmjs.com/cli/configuring-npm/package-lock-json).
 *
 * @typedef {{version?: string, integrity?: string, optional?: boolean, link?: boolean}} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/** Folder in which a checkout keeps set-up's notes. `npm ci` removes it with the rest of node_modules. */
export const NOTES = "node_modules/.cache/smeshnet";

/**
 * Installs the npm packages of the lock file if they are not installed yet. Install scripts do not run, because none of
 * the packages needs one.
 *
 * @param {string} checkout
 * @param {string} cache
 * @param {{onInstall: () => void, onWait: (pid: number) => void}} events
 * @returns {Promise<boolean>} whether this call installed them
 * @throws {Error} with npm's output
 */
export async function installPackages(checkout, cache, events) {
  if (isInstalled(checkout)) return false;
  const release = await acquire(join(cache, "locks", `npm-${keyOf([checkout])}`), ({ pid }) => events.onWait(pid));
  try {
    if (isInstalled(checkout)) return false;
    const adopted = isInstalledByHand(checkout);
    if (!adopted) {
      events.onInstall();
      rmSync(stampFile(checkout), { force: true }); // first: an interrupted npm leaves half of the packages
      await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: checkout });
    }
    linkCommand(checkout);
    mkdirSync(join(checkout, NOTES), { recursive: true });
    writeFileSync(stampFile(checkout), lockHash(checkout));
    return !adopted;
  } finally {
    release();
  }
}

/**
 * Puts the command `smeshnet` beside the packages' own commands. npm does that for dependencies only, and `npx
 * smeshnet` takes half a second more without it.
 *
 * @param {string} checkout
 */
function linkCommand(checkout) {
  const link = join(checkout, "node_modules/.bin/smeshnet");
  mkdirSync(join(link, ".."), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync("../../scripts/smeshnet.cjs", link);
}

/**
 * Whether the installed packages match the lock file. Optional packages of other platforms may be missing.
 *
 * @param {LockedPackages} wanted    `packages` of package-lock.json
 * @param {LockedPackages} installed `packages` of node_modules/.package-lock.json, which npm writes last
 */
export function isComplete(wanted, installed) {
  const paths = Object.keys(wanted).filter((path) => path !== "");
  const same = paths.every((path) => {
    const want = wanted[path];
    const have = installed[path];
    if (have === undefined) return want?.optional === true;
    return have.version === want?.version && have.integrity === want?.integrity;
  });
  return same && Object.keys(installed).every((path) => path in wanted);
}

/** @param {string} checkout */
function isInstalled(checkout) {
  return readText(stampFile(checkout)) === lockHash(checkout);
}

/** @param {string} checkout */
function isInstalledByHand(checkout) {
  const hidden = readText(join(checkout, "node_modules/.package-lock.json"));
  if (hidden === undefined) return false;
  const wanted = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8"));
  return isComplete(wanted.packages, JSON.parse(hidden).packages);
}

/** @param {string} checkout */
function stampFile(checkout) {
  return join(checkout, NOTES, "package-lock.sha256");
}

/** @param {string} checkout */
function lockHash(checkout) {
  return createHash("sha256")
    .update(readFileSync(join(checkout, "package-lock.json")))
    .digest("hex");
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
}
