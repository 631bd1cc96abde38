import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Log, Resource } from "../provider";
import { isObject, type Properties, text, texts } from "../values";

/** Milliseconds that an interrupted command may take to clean up before it is killed. */
const GRACE = 10_000;

/** Output of a command, without the last line break. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands as children of this process and can end all of them. */
export class Commands {
  readonly #running = new Map<ChildProcess, Promise<unknown>>();

  constructor(private readonly log: Log) {}

  /**
   * Runs a command by the inputs of a `Command` and shows each line below the resource.
   * @param previous outputs of the previous run, passed as PULUMI_COMMAND_STDOUT and _STDERR
   * @throws with the exit status, the command and its whole output (pulumi-command
   * provider/pkg/provider/local/common.go)
   */
  async run(
    command: string,
    inputs: Properties,
    previous: Properties,
    { urn, timeout }: Pick<Resource, "urn" | "timeout">,
  ): Promise<CommandOutput> {
    const interpreter = texts(inputs, "interpreter") ?? [];
    const [program = "", ...args] = [...(interpreter.length > 0 ? interpreter : ["/bin/sh", "-c"]), command];
    const cwd = text(inputs, "dir") ?? process.cwd();
    const failure = (why: string, output: string) =>
      new Error(`${why}: running ${JSON.stringify(command)}:\n${output}`);
    if (!existsSync(cwd)) throw failure(`chdir ${cwd}: no such file or directory`, "");

    // A process group of its own, so that an interrupt also reaches the shell's children.
    const child = spawn(program, args, { cwd, env: environment(inputs, previous), detached: true });
    child.stdin.on("error", () => {}); // a command need not read its input
    child.stdin.end(text(inputs, "stdin") ?? "");

    const output = follow(child, logged(inputs), (line) => this.log(urn, line));
    const closed = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(signal ? `signal: ${signal}` : code ? `exit status ${code}` : ""));
    });
    this.#running.set(child, closed);
    let late = "";
    const limit =
      timeout > 0 &&
      setTimeout(() => {
        late = `time limit of ${timeout} s passed, `;
        end(child);
      }, timeout * 1000);
    const status = await closed;
    if (limit) clearTimeout(limit);
    this.#running.delete(child);
    await output.shown();
    if (status !== "" || late !== "") throw failure(`${late}${status || "exit status 0"}`, output.written.both);
    return { stdout: output.written.stdout.replace(/\n$/, ""), stderr: output.written.stderr.replace(/\n$/, "") };
  }

  /** Ends all commands and their children. Resolves when they are gone. */
  async stop(): Promise<void> {
    for (const child of this.#running.keys()) end(child);
    await Promise.all(this.#running.values());
  }
}

/** The streams that the input `logging` selects. */
const logged = (inputs: Properties): readonly string[] =>
  ({ none: [], stdout: ["stdout"], stderr: ["stderr"] })[text(inputs, "logging") ?? ""] ?? ["stdout", "stderr"];

/**
 * Collects a child's output and shows the lines of the given streams in order. A line ends at its break or at the end.
 */
function follow(
  child: ChildProcessWithoutNullStreams,
  streams: readonly string[],
  show: (line: string) => Promise<void>,
) {
  const written = { stdout: "", stderr: "", both: "" };
  let shown = Promise.resolve();
  for (const stream of ["stdout", "stderr"] as const) {
    let rest = "";
    const showLines = (lines: readonly string[]): void => {
      if (!streams.includes(stream)) return;
      for (const line of lines) if (line !== "") shown = shown.then(() => show(line));
    };
    child[stream].setEncoding("utf8");
    child[stream].on("data", (chunk: string) => {
      written[stream] += chunk;
      written.both += chunk;
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      showLines(lines);
    });
    child[stream].once("end", () => showLines([rest]));
  }
  return { written, shown: () => shown };
}

/** Asks a child's process group to end. After the grace period the group is killed. */
function end(child: ChildProcess): void {
  signal(child, "SIGTERM");
  const kill = setTimeout(() => signal(child, "SIGKILL"), GRACE);
  child.once("close", () => clearTimeout(kill));
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // the group is already gone
  }
}

function environment(inputs: Properties, previous: Properties): NodeJS.ProcessEnv {
  const added = isObject(inputs.environment) ? inputs.environment : {};
  const strings = Object.fromEntries(Object.entries(added).map(([name, value]) => [name, String(value)]));
  const env: NodeJS.ProcessEnv = { ...process.env, ...strings };
  if (inputs.addPreviousOutputInEnv === false) return env;
  const { stdout, stderr } = previous;
  if (stdout) env.PULUMI_COMMAND_STDOUT = String(stdout);
  if (stderr) env.PULUMI_COMMAND_STDERR = String(stderr);
  return env;
}
