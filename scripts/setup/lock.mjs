import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A process. Its start time distinguishes it from a later process with the same id.
 *
 * @typedef {object} Holder
 * @property {number} pid
 * @property {string} start clock ticks from boot to its start, field 22 of /proc/PID/stat (proc(5))
 */

/** Milliseconds between two checks of a lock. The end of another process sends no event. */
const LOOK_AGAIN = 300;

/**
 * Acquires the lock of a file and waits while another process holds it. The lock of a dead process is taken over. The
 * file is linked into place complete, so that no process reads half of it.
 *
 * @param {string} file
 * @param {(holder: Holder) => void} onWait called once for each living holder
 * @returns {Promise<() => void>} releases the lock
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
    if (content === undefined) continue; // it was released just now
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
 * Whether a process still runs and is the same one.
 *
 * @param {Holder} holder
 */
export function isAlive(holder) {
  return startOf(holder.pid) === holder.start;
}

/**
 * Start time of a process; undefined when no process has the id.
 *
 * @param {number} pid
 */
export function startOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may contain spaces and parentheses.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

/**
 * Removes the lock of a dead process. Another waiter may have been faster and hold the lock already. Therefore the file
 * is moved aside, checked, and put back when it is not the dead process's.
 *
 * @param {string} file
 * @param {string} stale content of the dead process's lock
 */
function takeAway(file, stale) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return; // another waiter was faster
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
 * @returns {Holder | undefined} undefined when the content is not a lock of ours
 */
function parse(content) {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** @param {unknown} error ENOENT, or ESRCH when the process ends while its /proc file is read */
function isMissing(error) {
  return ["ENOENT", "ESRCH"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "");
}
