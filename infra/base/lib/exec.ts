import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Bounded, LIMITS } from "./bounded";
import { UserError } from "./errors";
import { type SecretGroup, withSecrets } from "./secrets";

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
  /** Which secrets of our environment the child gets; it gets our other variables, and no other secret. */
  readonly secrets: readonly SecretGroup[];
  /** Environment variables that the child gets besides ours; they win over ours. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Names of further variables of ours that the child must not get. */
  readonly without?: RegExp;
  /** Time limit, in seconds. */
  readonly timeout: number;
  /** Time that it gets to end by itself when it is stopped, in seconds; 5 by default. */
  readonly grace?: number;
  /** Most bytes of its standard output, and of its error output; {@link LIMITS.output} by default. */
  readonly limit?: number;
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
 * Time that a child gets to end by itself after SIGTERM, in seconds. The command plugin gives a step 10 s of its own, in
 * which a child that is deaf must be ended too.
 */
const GRACE = 5;

/**
 * Runs a program without a shell, in its own process group, so that its children end with it. The program outlives us
 * when we are killed. One that we stop gets SIGTERM, and SIGKILL after a grace time; the promise waits for its end.
 * The caller judges the exit code.
 * @throws {UserError} when the program cannot be started, exceeds its time limit, prints too much or is interrupted
 */
export function exec(file: string, args: readonly string[], options: ExecOptions): Promise<Finished> {
  const { promise, resolve, reject } = withResolvers<Finished>();
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: environmentOf(options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: !options.atTerminal,
  });
  const command = commandOf(file, args);
  const { limit = LIMITS.output } = options;
  const out = {
    stdout: new Bounded(`The output of \`${command}\``, limit),
    stderr: new Bounded(`The error output of \`${command}\``, limit),
  };
  let stopped: UserError | undefined;
  const end = (error: UserError) => {
    if (stopped) return;
    stopped = error;
    clearTimeout(timer);
    for (const pipe of [child.stdout, child.stderr]) pipe.removeAllListeners("data").resume(); // nobody reads on
    void endChild(child, options).then(() => reject(error));
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

  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (bytes: Buffer) => {
      try {
        out[name].add(bytes);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        end(error);
      }
    });
  }
  if (options.onLine) createInterface({ input: child.stdout }).on("line", options.onLine);
  child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(file, error)));
  child.once("close", (code, signal) => {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", interrupted);
    if (stopped) return; // its end is waited for
    const [stdout, stderr] = [out.stdout.text(), out.stderr.text()];
    resolve({ exitCode: code ?? 1, ...(signal ? { signal } : {}), stdout, stderr });
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

function environmentOf({ secrets, variables, without }: ExecOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(withSecrets(secrets, process.env)).filter(([name]) => !without?.test(name));
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

/** How often a group of processes is looked at that ends, in milliseconds; only a parent gets an event for that. */
const LOOK_EVERY = 20;
/** How long the system may take to end what got SIGKILL, in seconds. A process in a system call may take its time. */
const LAST = 5;

/** Ends a child with its group, by SIGKILL what ignores SIGTERM. Resolves when they are gone. */
async function endChild(child: ChildProcess, { atTerminal, grace = GRACE }: ExecOptions): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  // Without a group of its own, the child itself: the handle knows whether its id is still its own.
  const send = (signal: NodeJS.Signals | 0): boolean => (atTerminal ? child.kill(signal) : sendToGroup(pid, signal));
  send("SIGTERM");
  if (!(await goneIn(grace, () => !send(0)))) {
    send("SIGKILL");
    await goneIn(LAST, () => !send(0));
  }
  // A process that left the group may still hold them.
  for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
}

async function goneIn(limit: number, isGone: () => boolean): Promise<boolean> {
  for (const end = performance.now() + limit * 1000; performance.now() < end; ) {
    if (isGone()) return true;
    await new Promise((look) => setTimeout(look, LOOK_EVERY));
  }
  return isGone();
}

/** Sends a signal to a group of processes. @returns whether it has a process */
function sendToGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // it ended by itself in the meantime
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
