import { mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ask, findOnPath } from "./programs.mjs";
import { versionIn } from "./versions.mjs";

/** @import { Tool } from "./catalogue.mjs" */

/** Stops the engine from checking for its own updates on the internet first. */
const QUIET = { PULUMI_SKIP_UPDATE_CHECK: "true" };

/**
 * The version that a tool's executable reports, without a leading v.
 *
 * @param {Tool} tool
 * @param {string} file
 */
export function toldVersion(tool, file) {
  return tool.ask && versionIn(ask(file, tool.ask, QUIET) ?? "");
}

/**
 * Checks that an executable is the pinned version.
 *
 * @param {Tool} tool
 * @param {string} file
 */
export function requireVersion(tool, file) {
  const told = toldVersion(tool, file);
  if (tool.ask && told !== tool.version)
    throw new Error(`${tool.name} reports version ${told ?? "unknown"}, expected ${tool.version}.`);
}

/**
 * Finds tools on PATH. Answers are remembered until the program's file changes, because some take a second.
 *
 * @param {readonly Tool[]} tools
 * @param {string} memory file with the answers
 * @param {string} path folders as in $PATH
 * @returns {ReadonlyMap<string, string>} executables of the pinned versions, by tool name
 */
export function pinnedOnPath(tools, memory, path) {
  const known = remembered(memory);
  const answers = /** @type {Record<string, string>} */ ({});
  const found = /** @type {Map<string, string>} */ (new Map());
  for (const tool of tools.filter(({ ask }) => ask !== undefined)) {
    const link = findOnPath(tool.name, path);
    if (link === undefined) continue;
    const file = realpathSync(link);
    const { size, mtimeMs } = statSync(file);
    const identity = `${file} ${size} ${mtimeMs}`;
    const version = known[identity] ?? toldVersion(tool, file) ?? "";
    answers[identity] = version;
    if (version === tool.version) found.set(tool.name, file);
  }
  if (JSON.stringify(answers) !== JSON.stringify(known)) remember(memory, answers);
  return found;
}

/**
 * @param {string} memory
 * @returns {Record<string, string>}
 */
function remembered(memory) {
  try {
    return JSON.parse(readFileSync(memory, "utf8"));
  } catch {
    return {}; // missing on the first run; an unreadable memory only costs the questions again
  }
}

/**
 * @param {string} memory
 * @param {Record<string, string>} answers
 */
function remember(memory, answers) {
  mkdirSync(dirname(memory), { recursive: true });
  const draft = join(dirname(memory), `answers.${process.pid}`);
  writeFileSync(draft, JSON.stringify(answers));
  renameSync(draft, memory);
}
