import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** @import { ChildProcessByStdio } from "node:child_process" */
/** @import { Readable } from "node:stream" */

/**
 * @typedef {object} Child
 * @property {ChildProcessByStdio<null, Readable, Readable>} process
 * @property {Promise<number | string>} ended exit code, or the name of the signal that ended it
 */

/** @type {Map<import("node:child_process").ChildProcess, Promise<unknown>>} */
const running = new Map();

/** Milliseconds that a compiler may take to clean up after an interrupt. */
const GRACE = 5000;

/** Ends all processes that set-up started, with their children, and waits until they are gone. */
export async function endChildren() {
  const ends = [...running.values()];
  signal("SIGINT"); // go removes its work folder on this signal
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
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error; // it has just ended by itself
    }
  }
}

/**
 * Starts a program in a process group of its own. A Ctrl-C in the terminal then only reaches set-up, which ends the
 * group with its compilers.
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
  ended.finally(() => running.delete(child)).catch(() => {}); // callers that await `ended` get the error
  return { process: child, ended };
}

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>}} options
 * @param {(line: string) => void} [onLine] takes each line of its stderr
 * @returns {Promise<string>} its stdout
 * @throws {Error} with the end of its stderr when it fails
 */
export async function run(program, args, options, onLine = () => {}) {
  const child = start(program, args, options);
  let out = "";
  let said = "";
  child.process.stdout.setEncoding("utf8").on("data", (text) => {
    out += text;
  });
  createInterface({ input: child.process.stderr }).on("line", (line) => {
    said += `${line}\n`;
    onLine(line);
  });
  const code = await child.ended;
  if (code === 0) return out;
  throw new Error(`${program} ${args.slice(0, 2).join(" ")} failed (${code}): ${said.trim().slice(-2000)}`);
}
