import { spawn } from "node:child_process";

/** @import { ChildProcessByStdio } from "node:child_process" */
/** @import { Readable } from "node:stream" */

/**
 * @typedef {object} Child
 * @property {ChildProcessByStdio<null, Readable, Readable>} process
 * @property {Promise<number | string>} ended exit code, or the name of the signal that ended it
 */

/** @type {Map<import("node:child_process").ChildProcess, Promise<unknown>>} */
const running = new Map();

/** How long a compiler may take to clean up after an interrupt, in milliseconds. */
const GRACE = 5000;

/** Ends every process that set-up has started, with all that these have started, and waits until they are gone. */
export async function endChildren() {
  const ends = [...running.values()];
  signal("SIGINT"); // on which go removes its work folder
  const timer = setTimeout(() => signal("SIGKILL"), GRACE);
  await Promise.allSettled(ends);
  clearTimeout(timer);
}

/** @param {NodeJS.Signals} name */
function signal(name) {
  for (const { pid } of running.keys()) {
    if (pid === undefined) continue;
    try {
      process.kill(-pid, name);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error; // ended by itself just now
    }
  }
}

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal reaches set-up only, which then ends the
 * group, compilers included.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>}} options
 * @returns {Child}
 */
export function start(program, args, options) {
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  /** @type {Promise<number | string>} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  running.set(child, ended);
  ended.finally(() => running.delete(child)).catch(() => {}); // whoever awaits `ended` sees the error
  return { process: child, ended };
}

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>}} options
 * @returns {Promise<string>} its stdout
 * @throws {Error} with the end of what it said, when it fails
 */
export async function run(program, args, options) {
  const child = start(program, args, options);
  let out = "";
  let said = "";
  child.process.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  child.process.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const code = await child.ended;
  if (code === 0) return out;
  throw new Error(`${program} ${args.slice(0, 2).join(" ")} failed (${code}): ${said.trim().slice(-2000)}`);
}
