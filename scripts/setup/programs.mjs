import { execFileSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/**
 * The first executable file with a name on PATH, as an absolute path.
 *
 * @param {string} name
 * @param {string} [path] folders as in $PATH
 */
export function findOnPath(name, path = process.env.PATH ?? "") {
  const candidates = path.split(delimiter).filter(isAbsolute);
  return candidates.map((folder) => join(folder, name)).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // missing, or without permission to run it
  }
}

/**
 * The stdout of a program; undefined when it fails or takes longer than 10 seconds.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to this process's environment
 */
export function ask(program, args, env = {}) {
  try {
    return execFileSync(program, args, {
      cwd: "/",
      encoding: "utf8",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    });
  } catch {
    return undefined; // a program that cannot report its version cannot be used
  }
}
