import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UserError } from "./errors";

/** How a command ended. */
export interface Finished {
  readonly exitCode: number;
  /** The signal that ended it, if one did. */
  readonly signal?: NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  /** Working directory. */
  readonly cwd?: string;
  /** The child's whole environment; ours when left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Longest time it may take, in seconds. */
  readonly timeout: number;
  /** Ends the child when aborted. */
  readonly signal?: AbortSignal;
  /** Gets each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a command without a shell, in a process group of its own, so that its children end with it.
 * @throws {UserError} when it cannot be started, takes longer than its limit or is interrupted; an exit code other than
 * 0 is for the caller to judge.
 */
export function exec(file: string, args: readonly string[], options: ExecOptions): Promise<Finished> {
  const { promise, resolve, reject } = withResolvers<Finished>();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const out = { stdout: "", stderr: "" };
  const end = (why: string) => {
    reject(new UserError(`${file} ${args[0] ?? ""} ${why}`.replace("  ", " ")));
    if (child.pid !== undefined) endGroup(child.pid);
  };
  const timer = setTimeout(() => end(`took longer than ${options.timeout} s and was ended`), options.timeout * 1000);
  const interrupted = () => end("was interrupted");
  options.signal?.addEventListener("abort", interrupted, { once: true });
  if (options.signal?.aborted) interrupted();

  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    out.stderr += text;
  });
  if (options.onLine) createInterface({ input: child.stdout }).on("line", options.onLine);
  child.once("error", (error: NodeJS.ErrnoException) => {
    reject(
      new UserError(error.code === "ENOENT" ? `${file} is not on the PATH: install it` : `${file}: ${error.message}`),
    );
  });
  child.once("close", (code, signal) => {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", interrupted);
    resolve({ exitCode: code ?? 1, ...(signal ? { signal } : {}), ...out });
  });
  return promise;
}

/** Runs a command that must succeed and gives its standard output. @throws {UserError} with the end of its error output. */
export async function output(file: string, args: readonly string[], options: ExecOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await exec(file, args, options);
  if (exitCode === 0) return stdout;
  throw new UserError(`${file} ${args[0] ?? ""} failed: ${lastLine(stderr) || lastLine(stdout) || `exit ${exitCode}`}`);
}

/** The last line that says something. */
export const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((ok, no) => {
    resolve = ok;
    reject = no;
  });
  return { promise, resolve, reject };
}
