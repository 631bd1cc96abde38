import { type ParseArgsConfig, parseArgs } from "node:util";
import { UserError } from "../lib/errors";
import { InvalidBuildTag } from "../model/build-tag";
import { InvalidSettings } from "../model/settings";
import { STEP_VARIABLE } from "../model/steps";

/** What a verb is called with. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  /** Aborted on SIGINT and SIGTERM; a verb passes it on to whatever waits. */
  readonly signal: AbortSignal;
}

/** One verb: its help, its flags, and what it does. */
export interface Verb {
  /** Shown by --help, from the line `Usage: ...` on. */
  readonly help: string;
  /** Flags besides --help, as `util.parseArgs` takes them. */
  readonly flags?: NonNullable<ParseArgsConfig["options"]>;
  /** How many positional arguments there must be. */
  readonly positionals: readonly [least: number, most: number];
  run(call: Invocation): Promise<void>;
}

/**
 * Runs a verb for the process's arguments and sets the exit code: 0 done, 1 the world is at fault, 2 bad input, 130
 * interrupted. A {@link UserError} is one line on standard error; anything else is our bug and shows its stack.
 */
export async function main(verb: Verb): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Not once: libraries that end children with us count the listeners, and would end us if ours were gone.
    process.on(signal, () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort(signal)));
  }
  endWithReader(interrupt);
  try {
    const { values, positionals } = readArguments(verb);
    if (values.help) {
      process.stdout.write(`${verb.help.trim()}\n`);
      return;
    }
    const [least, most] = verb.positionals;
    if (positionals.length < least || positionals.length > most) throw usage(verb, "wrong number of arguments");
    await verb.run({ positionals, flags: values, signal: interrupt.signal });
  } catch (error) {
    process.exitCode = interrupt.signal.aborted ? 130 : exitCodeOf(error);
    const interrupted = interrupt.signal.aborted
      ? "interrupted: what is done is kept, run it again to go on"
      : undefined;
    process.stderr.write(`${interrupted ?? textOf(error)}\n`);
  }
  // A client library may hold sockets or timers open; the verb is over.
  process.exit();
}

/** How often a step looks whether its parent is still there, in milliseconds; the end of a parent is no event. */
const PARENT_EVERY = 1000;

/** Interrupts a verb when nobody reads its words any more, and a step also when the plugin that has started it is gone. */
function endWithReader(interrupt: AbortController): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      interrupt.abort("EPIPE");
    });
  }
  if (!process.env[STEP_VARIABLE]) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || interrupt.abort("parent"), PARENT_EVERY).unref();
}

/** Writes one line of progress for people. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Writes the one JSON document of a verb. */
export const answer = (document: unknown): void => void process.stdout.write(`${JSON.stringify(document)}\n`);

function readArguments(verb: Verb) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { ...verb.flags, help: { type: "boolean", short: "h" } },
    }) as { values: Record<string, string | boolean | undefined>; positionals: string[] };
  } catch (error) {
    throw usage(verb, (error as Error).message);
  }
}

function usage(verb: Verb, what: string): UserError {
  const [lines = ""] = verb.help.trim().split("\n\n");
  return new UserError(`${what}; ${lines.split(/\n\s*/).join(" or ")} (--help tells more)`, 2);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InvalidBuildTag || error instanceof InvalidSettings) return 2;
  return error instanceof UserError ? error.exitCode : 1;
}

function textOf(error: unknown): string {
  if (error instanceof InvalidSettings) return `error: ${error.message}`;
  // What gcloud, git or a library said may go on for lines.
  const forUsers = error instanceof UserError || error instanceof InvalidBuildTag;
  if (forUsers) return `error: ${error.message.trim().replace(/\s*\n\s*/g, " ")}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
