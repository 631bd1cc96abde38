import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../home";
import { readPairs } from "./command-files";

/** What a step of a job leaves for the steps after it. */
export interface Ran {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Variables for the steps after it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders that come first on the PATH of the steps after it. */
  readonly paths: readonly string[];
}

export interface Script {
  readonly run: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Folder for the step's own files. */
  readonly scratch: string;
  /** Gets what the step prints; without it, the step prints where this process does. */
  readonly print?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs a script as GitHub runs one with `shell: bash`: it stops at the first command that fails. All its processes are
 * in one group, so that a cancelled job ends with all of them.
 */
export async function runScript({ run, folder, env, scratch, print, signal }: Script): Promise<Ran> {
  const file = (name: string): string => join(scratch, name);
  const files = { GITHUB_OUTPUT: "output", GITHUB_ENV: "env", GITHUB_PATH: "path", GITHUB_STEP_SUMMARY: "summary" };
  for (const name of Object.values(files)) writeFileSync(file(name), "");
  writeFileSync(file("script.sh"), run);
  const own = Object.fromEntries(Object.entries(files).map(([variable, name]) => [variable, file(name)]));
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", file("script.sh")], {
    cwd: folder,
    env: { ...env, ...own },
    detached: true,
    stdio: print ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", print ?? (() => undefined));
  const end = () => void (child.pid === undefined || process.kill(-child.pid, "SIGTERM"));
  signal?.addEventListener("abort", end, { once: true });
  const [code] = (await once(child, "close")) as [number | null];
  signal?.removeEventListener("abort", end);
  return {
    exitCode: code ?? 1,
    outputs: readPairs(file("output")),
    variables: readPairs(file("env")),
    paths: readFileSync(file("path"), "utf8").split("\n").filter(Boolean),
  };
}

/**
 * GitHub's `hashFiles` for patterns that name a file, or everything below a folder as `FOLDER/**`.
 * @throws {SandboxError} when a pattern finds nothing: GitHub would give an empty text, and one key for everything
 */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  const hash = createHash("sha256");
  for (const pattern of patterns) {
    const path = join(workspace, pattern.replace(/\/\*\*$/, ""));
    if (!existsSync(path)) throw new SandboxError(`${pattern} finds no file.`);
    for (const file of filesBelow(path)) hash.update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
