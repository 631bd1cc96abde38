import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type OwnProgram, WrongOptions } from "./home";

/** How `--program` is written. */
const FORM = "REPOSITORY=PATH[,library=FOLDER][,post-service=PATH]";
const EXAMPLE = "spacemeshos/go-spacemesh=build/go-spacemesh";

/** Image repository without tag (distribution/reference). */
const REPOSITORY = /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)*$/;

/** Machine of an ELF file by Node's name (elf(5), e_machine). */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const E_MACHINE = 18;

/**
 * The user's executables after some `--program` options. `REPOSITORY=none` brings the sandbox's own program back.
 * @param before the executables so far
 * @throws {WrongOptions} one line for the first mistake
 */
export function withPrograms(
  before: Readonly<Record<string, OwnProgram>>,
  options: readonly string[],
): Record<string, OwnProgram> {
  const programs = { ...before };
  for (const option of options) {
    const at = option.indexOf("=");
    const [repository, value] = at < 0 ? [option, ""] : [option.slice(0, at), option.slice(at + 1)];
    if (!REPOSITORY.test(repository) || value === "")
      throw new WrongOptions(`--program "${option}" is not ${FORM}. Write it as ${EXAMPLE}.`);
    if (value === "none") delete programs[repository];
    else programs[repository] = ownProgram(option, value);
  }
  return programs;
}

function ownProgram(option: string, value: string): OwnProgram {
  const [path = "", ...parts] = value.split(",");
  const program: { path: string; library?: string; postService?: string } = { path: executable(path) };
  for (const part of parts) {
    const [name, file = ""] = part.split("=");
    if (name === "library" && file) program.library = folder(file);
    else if (name === "post-service" && file) program.postService = executable(file);
    else throw new WrongOptions(`"${part}" in --program "${option}" is neither library=FOLDER nor post-service=PATH.`);
  }
  return program;
}

/** @throws {WrongOptions} unless the file can run on this machine */
function executable(text: string): string {
  const path = resolve(text);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new WrongOptions(`${path} does not exist. Build the program, or name its file.`);
  if (stat.isDirectory()) throw new WrongOptions(`${path} is a folder. Name the executable in it.`);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new WrongOptions(`${path} is not executable. Run \`chmod +x ${path}\`.`);
  }
  const start = startOf(path);
  if (start.toString("latin1", 0, 2) === "#!") return path;
  if (start.toString("latin1", 0, 4) !== "\x7fELF") {
    throw new WrongOptions(`${path} is neither a Linux executable nor a script with #!. Build the program for Linux.`);
  }
  const machine = MACHINES[process.arch];
  if (machine !== undefined && start.readUInt16LE(E_MACHINE) !== machine) {
    throw new WrongOptions(
      `${path} is for another processor than this machine's (${process.arch}). Build it for this one.`,
    );
  }
  return path;
}

function folder(text: string): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new WrongOptions(`${path} is not a folder. Name the folder of the program's libraries.`);
}

/** The first bytes of a file, filled up with zeros. */
function startOf(path: string): Buffer {
  const start = Buffer.alloc(E_MACHINE + 2);
  const file = openSync(path, "r");
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return start;
}
