import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A process, told apart from a later one of the same id by when it began.
 *
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} start clock ticks between boot and its beginning, field 22 of /proc/PID/stat (proc(5))
 */

/** How often a waiter looks, in milliseconds: the end of another process is no event for this one. */
const LOOK_AGAIN = 300;

/**
 * Takes the lock that a file stands for, waiting for whoever holds it; that of a dead process is taken over. The file
 * is linked into place complete, so that nobody ever reads half of it.
 *
 * @param {string} file
 * @param {(holder: Holder) => void} onWait called once for each living holder that is waited for
 * @returns {Promise<() => void>} gives the lock back
 */
export async function acquire(file, onWait) {
  mkdirSync(dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  const draft = `${file}.${process.pid}`;
  let told = "";
  for (;;) {
    writeFileSync(draft, own);
    const taken = link(draft, file);
    rmSync(draft);
    if (taken) return () => release(file, own);
    const content = read(file);
    if (content === undefined) continue; // given back just now
    const holder = parse(content);
    if (holder === undefined || !isAlive(holder)) {
      takeAway(file, content);
      continue;
    }
    if (told !== content) onWait(holder);
    told = content;
    await delay(LOOK_AGAIN);
  }
}

/**
 * Whether a process still runs, and is still the same one.
 *
 * @param {Holder} holder
 */
export function isAlive(holder) {
  return startOf(holder.pid) === holder.start;
}

/**
 * When a process began; undefined when there is none of this id.
 *
 * @param {number} pid
 */
export function startOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold blanks and brackets itself.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

/**
 * Removes a dead process' lock. Another waiter may have done so before us and hold the lock by now: what was moved
 * away is looked at, and put back when it is not the dead one's.
 *
 * @param {string} file
 * @param {string} stale its content
 */
function takeAway(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return; // another waiter was quicker
    throw error;
  }
  if (read(aside) !== stale) link(aside, file);
  rmSync(aside);
}

/**
 * @param {string} file
 * @param {string} own
 */
function release(file, own) {
  if (read(file) === own) rmSync(file, { force: true });
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {boolean} false when `to` exists
 */
function link(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/**
 * @param {string} content
 * @returns {Holder | undefined} undefined when it is no lock of ours
 */
function parse(content) {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** @param {unknown} error ENOENT, or ESRCH: the process ended while its /proc file was read */
function isMissing(error) {
  return ["ENOENT", "ESRCH"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "");
}
