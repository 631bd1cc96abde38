import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf } from "./cache.mjs";
import { run } from "./children.mjs";
import { acquire } from "./lock.mjs";

/**
 * One entry of a lock file's `packages`, in so far as it says what is installed
 * (https://docs.npmjs.com/cli/configuring-npm/package-lock-json).
 *
 * @typedef {{version?: string, integrity?: string, optional?: boolean, link?: boolean}} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/** Where a checkout keeps what set-up knows of it; `npm ci` removes it with the rest of node_modules. */
export const NOTES = "node_modules/.cache/smeshnet";

/**
 * Installs the npm packages of the lock file unless they are installed. Nothing of them is run: no package of ours
 * needs its install script.
 *
 * @param {string} checkout
 * @param {string} cache
 * @param {{onInstall: () => void, onWait: (pid: number) => void}} events
 * @returns {Promise<boolean>} whether they were installed now
 * @throws {Error} with npm's words
 */
export async function installPackages(checkout, cache, events) {
  if (isInstalled(checkout)) return false;
  const release = await acquire(join(cache, "locks", `npm-${keyOf([checkout])}`), ({ pid }) => events.onWait(pid));
  try {
    if (isInstalled(checkout)) return false;
    const adopted = isInstalledByHand(checkout);
    if (!adopted) {
      events.onInstall();
      rmSync(stampFile(checkout), { force: true }); // first of all: npm, interrupted, may leave half of the packages
      await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: checkout });
    }
    mkdirSync(join(checkout, NOTES), { recursive: true });
    writeFileSync(stampFile(checkout), lockHash(checkout));
    return !adopted;
  } finally {
    release();
  }
}

/**
 * Whether what npm has installed is what the lock file wants. Optional packages of other platforms are not there.
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
