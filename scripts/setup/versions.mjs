import { execFile } from "node:child_process";
import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { onPath } from "./on-path.mjs";
import { processMark } from "./processes.mjs";
import { versionIn } from "./resolution.mjs";

/** How long a program on PATH may take to tell its version, in ms: it may be another that only has the name. */
const ANSWER = 5000;

/**
 * The versions of the tools on PATH. A program is asked once; its answer is kept in a file until it changes.
 */
export class Versions {
  /**
   * @param {string} file
   * @param {string} cache folder whose programs do not count as being on PATH: a sandbox puts them there
   */
  constructor(file, cache) {
    this.file = file;
    this.cache = cache;
    this.answers = readAnswers(file);
    this.changed = false;
  }

  /**
   * @param {import("./tool.mjs").Tool} tool
   * @returns {Promise<{ path: string, version: string } | undefined>}
   */
  async onPath({ name, ask }) {
    const found = ask && onPath(name);
    if (!found) return undefined;
    const path = realpathSync(found);
    if (path.startsWith(`${this.cache}/`)) return undefined;
    const { size, mtimeMs } = statSync(path);
    const key = `${path} ${size} ${mtimeMs}`;
    const known = this.answers[key];
    const version = known === undefined ? await askVersion(found, ask) : known;
    if (known === undefined) {
      this.answers[key] = version;
      this.changed = true;
    }
    return version === null ? undefined : { path, version };
  }

  /** Keeps the answers for the next run. */
  save() {
    if (!this.changed) return;
    const unfinished = `${this.file}.${processMark()}`;
    writeFileSync(unfinished, `${JSON.stringify(this.answers, undefined, 2)}\n`);
    renameSync(unfinished, this.file);
  }
}

/**
 * @param {string} file
 * @returns {Record<string, string | null>} null: it is something else
 */
function readAnswers(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // None yet, or cut off by a crash: the programs are asked again.
    return {};
  }
}

/**
 * @param {string} program
 * @param {import("./tool.mjs").VersionQuery} ask
 */
async function askVersion(program, { args, answer }) {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], {
      timeout: ANSWER,
      killSignal: "SIGKILL",
    });
    return versionIn(stdout + stderr, answer) ?? null;
  } catch {
    return null;
  }
}
