// Kills the process that loads it with `kill -9` at its nth file operation below KILL_FOLDER, or at the start of a
// child. KILL_AT=12 kills before the operation, 12+ after it. With KILL_CHILDREN=1 its children die with it, as when a
// machine is reset. The count begins when the worker sets `globalThis.isRecovering`.

const childProcess = require("node:child_process");
const { readFileSync } = require("node:fs");
const promises = require("node:fs/promises");

const { KILL_AT: at = "", KILL_CHILDREN: withChildren, KILL_FOLDER: folder = "" } = process.env;
const number = Number.parseInt(at, 10);
let count = 0;

/**
 * @param {number} pid
 * @returns {number[]}
 */
function descendants(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function die() {
  for (const pid of withChildren ? descendants(process.pid) : []) process.kill(pid, "SIGKILL");
  process.kill(process.pid, "SIGKILL");
}

/**
 * @param {any} object whose method is counted
 * @param {string} name
 * @param {(args: unknown[]) => boolean} counts
 */
function countCalls(object, name, counts) {
  const real = object[name];
  object[name] = function (/** @type {unknown[]} */ ...args) {
    if (!Reflect.get(globalThis, "isRecovering") || !counts(args)) return real.apply(this, args);
    count += 1;
    if (count !== number) return real.apply(this, args);
    if (!at.endsWith("+")) die();
    const result = real.apply(this, args);
    return typeof result?.then === "function" ? result.finally(die) : die();
  };
}

const isBelow = (/** @type {unknown[]} */ args) => args.some((one) => typeof one === "string" && one.includes(folder));

for (const name of ["readFile", "writeFile", "readdir", "rename", "link", "rm", "mkdir", "stat", "statfs", "open"])
  countCalls(promises, name, isBelow);
const { open } = promises;
promises.open = async (...args) => {
  const handle = await open(...args);
  for (const name of ["writeFile", "sync", "close"]) countCalls(handle, name, () => true);
  return handle;
};
countCalls(childProcess, "spawn", () => true);
