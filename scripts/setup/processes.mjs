import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { SetupError } from "./setup-error.mjs";

/** How many of a command's last lines are kept to explain its failure. */
const TAIL = 20;

/**
 * Names a process so that no later one with the same id is taken for it.
 * @param {number} [pid]
 * @returns {string | undefined} `PID-START`, with the start in clock ticks since boot; undefined when there is no such
 *   process, or it has ended and only waits for its parent
 */
export function processMark(pid = process.pid) {
  try {
    // See proc(5): the second field is in parentheses and may hold anything; the third is the state, the 22nd the start.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return ["Z", "X"].includes(/** @type {string} */ (fields[0])) ? undefined : `${pid}-${fields[19]}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process of a mark still runs.
 * @param {string} mark
 */
export const isAlive = (mark) => processMark(Number.parseInt(mark, 10)) === mark;

/** A command that ended with a failure. */
export class CommandFailed extends SetupError {
  /**
   * @param {string} command
   * @param {string} how e.g. "exit code 1"
   * @param {readonly string[]} tail its last lines
   */
  constructor(command, how, tail) {
    super(`${command} failed with ${how}${tail.length > 0 ? `:\n  ${tail.join("\n  ")}` : ""}`);
  }
}

/**
 * Runs a command to its end, in a process group of its own, which goes when the signal is aborted.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => boolean} [options.onLine] takes a line of standard error; false: it is progress, not part of
 *   the explanation of a failure
 * @returns {Promise<string>} what it wrote to standard output
 * @throws {CommandFailed} @throws the signal's reason
 */
export async function run(command, args, { signal, cwd, env, onLine = () => true }) {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => endGroup(child.pid);
  signal.addEventListener("abort", end, { once: true });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  /** @type {string[]} */
  const tail = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    if (onLine(line)) tail.push(line);
    if (tail.length > TAIL) tail.shift();
  });
  try {
    const how = await new Promise((resolve, reject) => {
      child.once("error", (error) => reject(new SetupError(`${command} cannot be run: ${error.message}`)));
      child.once("close", (code, name) => resolve(name ?? (code === 0 ? undefined : `exit code ${code}`)));
    });
    signal.throwIfAborted();
    if (how !== undefined) throw new CommandFailed(`${command} ${args[0]}`, how, tail);
    return output;
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** @param {number | undefined} pid of the group's first process; undefined when it could not be started */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // The group has ended by itself.
  }
}
