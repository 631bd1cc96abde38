import type { Writable } from "node:stream";
import { realClock } from "../lib/clock";
import { errorText, fixText, UserError } from "../lib/errors";
import type { Run } from "../lib/run";
import { say } from "../lib/say";
import { visible, visibleInto, visibleJson, visibleLine, visiblePainted } from "../lib/visible";
import { STEP_VARIABLE } from "../model/steps";

/** How often a step checks whether its parent is alive, in milliseconds; the end of a parent is no event. */
const PARENT_EVERY = 1000;

/**
 * Runs a command as this process, which ends with it. Exit codes: 0 done, 1 the world is at fault, 2 bad input, 130
 * interrupted. A {@link UserError} is one line on standard error; anything else is our bug and shows its stack.
 */
export async function runAsProcess(command: (run: Run) => Promise<void>): Promise<never> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Not once: libraries that end children with us count the listeners, and would end us if ours were gone.
    process.on(signal, () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort(signal)));
  }
  endWithReader(interrupt);
  try {
    await command({ signal: interrupt.signal, say, clock: realClock });
  } catch (error) {
    process.exitCode = interrupt.signal.aborted ? 130 : exitCodeOf(error);
    process.stderr.write(`${interrupt.signal.aborted ? INTERRUPTED : visible(textOf(error))}\n`);
  }
  // A client library may hold sockets or timers open; the command is over.
  process.exit();
}

const INTERRUPTED = "interrupted: what was done is kept; run the same command again to continue";

/** Writes the one JSON document of a command. */
export const answer = (document: unknown): void => void process.stdout.write(`${visibleJson(document)}\n`);

/** Writes lines for people. A line end within one is shown as what it is. */
export const print = (...lines: readonly string[]): void => out(lines.map(visibleLine).join("\n"));

/** Writes a text of several lines for people. */
export const printText = (text: string): void => out(visible(text.trimEnd()));

/** Writes lines with our own colours. What they hold of others must have been made visible before. */
export const printPainted = (...lines: readonly string[]): void => out(lines.map(visiblePainted).join("\n"));

/**
 * Lends a stream to standard output for bytes of others, such as a log.
 * @param isRaw whether they go out as they are, for a file or another program
 */
export async function printed<T>(isRaw: boolean, write: (out: Writable) => Promise<T>): Promise<T> {
  if (isRaw) return write(process.stdout);
  const text = visibleInto(process.stdout);
  const result = await write(text);
  await new Promise<void>((done) => text.end(done));
  return result;
}

const out = (text: string): void => void process.stdout.write(`${text}\n`);

/** Interrupts a command when its output pipe is closed, and a step also when the plugin that started it is gone. */
function endWithReader(interrupt: AbortController): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      interrupt.abort("EPIPE");
    });
  }
  if (!isStep()) return;
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || interrupt.abort("parent"), PARENT_EVERY).unref();
}

/** Whether an engine runs this process as a step. */
const isStep = (): boolean => Boolean(process.env[STEP_VARIABLE]);

const exitCodeOf = (error: unknown): number => (error instanceof UserError ? error.exitCode : 1);

function textOf(error: unknown): string {
  if (error instanceof UserError)
    return isStep() ? [errorText(error), fixText(error)].join("\n").trim() : errorText(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
