import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UserError } from "./errors";

/** How a program ended. */
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
  /** Environment variables that the child gets besides ours; they win over ours. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Names of our environment variables that the child must not get. */
  readonly without?: RegExp;
  /** Time limit, in seconds. */
  readonly timeout: number;
  /** Ends the child when it is aborted. */
  readonly signal?: AbortSignal;
  /**
   * Leaves the program in our process group, and so at our terminal, where it may ask a person. It must end its own
   * children.
   */
  readonly atTerminal?: boolean;
  /** Gets each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a program without a shell, in its own process group, so that its children end with it. The program outlives us
 * when we are killed.
 * The caller judges the exit code.
 * @throws {UserError} when the program cannot be started, exceeds its time limit or is interrupted
 */
export function exec(file: string, args: readonly string[], options: ExecOptions): Promise<Finished> {
  const { promise, resolve, reject } = withResolvers<Finished>();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: environmentOf(options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: !options.atTerminal,
  });
  const out = { stdout: "", stderr: "" };
  const command = commandOf(file, args);
  const end = (error: UserError) => {
    reject(error);
    if (options.atTerminal) child.kill();
    else if (child.pid !== undefined) endGroup(child.pid);
  };
  const timedOut = () =>
    end(
      new UserError(
        "CommandTimedOut",
        `\`${command}\` took longer than ${options.timeout} s and was stopped.`,
        "Check why it hangs, then run this command again.",
      ),
    );
  const timer = setTimeout(timedOut, options.timeout * 1000);
  const interrupted = () =>
    end(new UserError("CommandInterrupted", `\`${command}\` was interrupted.`, "Run this command again to continue."));
  options.signal?.addEventListener("abort", interrupted, { once: true });
  if (options.signal?.aborted) interrupted();

  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    out.stderr += text;
  });
  if (options.onLine) createInterface({ input: child.stdout }).on("line", options.onLine);
  child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(file, error)));
  child.once("close", (code, signal) => {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", interrupted);
    resolve({ exitCode: code ?? 1, ...(signal ? { signal } : {}), ...out });
  });
  return promise;
}

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws {UserError} with the last line of its error output
 */
export async function output(file: string, args: readonly string[], options: ExecOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await exec(file, args, options);
  if (exitCode === 0) return stdout;
  const reason = lastLine(stderr) || lastLine(stdout) || `exit code ${exitCode}`;
  throw new UserError(
    "CommandFailed",
    `\`${commandOf(file, args)}\` failed: ${withFullStop(reason)}`,
    "Correct the cause, then run this command again.",
  );
}

/** The last line of a text that is not empty. */
export const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";

/** The program and its subcommands, as errors name it; settings before them and further arguments may be long. */
const commandOf = (file: string, all: readonly string[]): string => {
  const args = all.filter((word, i) => word !== "-c" && all[i - 1] !== "-c");
  const end = args.findIndex((word) => !/^[A-Za-z-]+$/.test(word) || word.startsWith("-"));
  return [file, ...args.slice(0, end === -1 ? 2 : Math.min(end, 2))].join(" ");
};

const withFullStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function environmentOf({ variables, without }: ExecOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !without?.test(name));
  return { ...Object.fromEntries(kept), ...variables };
}

function notStarted(file: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === "ENOENT") {
    return new UserError("ProgramMissing", `The program ${file} is not on the PATH.`, `Install ${file}.`);
  }
  return new UserError(
    "ProgramUnstartable",
    `The program ${file} cannot be started: ${error.message}.`,
    `Check its installation and permissions.`,
  );
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // The group ended by itself in the meantime.
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
