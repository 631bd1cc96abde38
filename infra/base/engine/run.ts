import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { CommandError, ConcurrentUpdateError, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { UserError } from "../lib/errors";
import { lastLine } from "../lib/exec";
import { Progress } from "./progress";
import { freeLock, recover } from "./recovery/recover";

export interface EngineRun {
  readonly stack: Stack;
  /** What the run is about, as an error would name it: `v1.2.3+1`. */
  readonly what: string;
  /** The zone at Cloudflare that holds the networks' records. */
  readonly zoneId: string;
  readonly signal: AbortSignal;
  /** Takes progress for people. */
  readonly say: (line: string) => void;
  /** File that gets the engine's events but for debug messages, a line each: `{"at": milliseconds since 1970, "event": ...}`. */
  readonly events?: string;
}

/** The outputs of a stack that are no secrets. */
export type PublicOutputs = Readonly<Record<string, unknown>>;

/**
 * Runs "pulumi up" on a stack, after putting in order what a killed run has left, with progress in words.
 * @throws {UserError} with the reason, or where the reason is shown
 */
export async function engineUp(run: EngineRun): Promise<PublicOutputs> {
  const { outputs } = await withEngine(run, "not up", (options) => run.stack.up(options));
  const open = Object.entries(outputs).filter(([, { secret }]) => !secret);
  return Object.fromEntries(open.map(([name, { value }]) => [name, value]));
}

/** The same with "pulumi destroy", which retires a network and needs no program. */
export async function engineDestroy(run: EngineRun): Promise<void> {
  await withEngine(run, "not retired", (options) => run.stack.destroy(options));
}

interface EngineOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly suppressOutputs: true;
  readonly signal: AbortSignal;
}

async function withEngine<T>(run: EngineRun, failed: string, act: (options: EngineOptions) => Promise<T>): Promise<T> {
  const { stack, what, zoneId, signal, say } = run;
  const recovery = { stack: stack.name, zoneId, signal, say };
  const events = run.events === undefined ? undefined : await opened(run.events);
  try {
    for (;;) {
      await recover(recovery);
      const progress = new Progress(say);
      const onEvent = (event: EngineEvent) => {
        progress.take(event);
        if (!mayHoldSecrets(event)) events?.write(`${JSON.stringify({ at: Date.now(), event })}\n`);
      };
      try {
        return await act({ onEvent, suppressOutputs: true, signal: forEngine(signal) });
      } catch (error) {
        if (!(error instanceof ConcurrentUpdateError)) throw explained(`${what} is ${failed}`, error, progress);
        await freeLock(recovery, error.message);
      }
    }
  } finally {
    if (events) await closed(events);
  }
}

/** @throws {UserError} before anything is touched, when the file cannot be written */
async function opened(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file);
  try {
    await once(stream, "open");
    return stream;
  } catch (error) {
    throw new UserError(`${file} cannot be written (${(error as Error).message}): name another file for --events`, 2);
  }
}

/** Debug messages of the SDK show the outputs of resources as they are, secrets too (@pulumi/pulumi runtime/resource.js). */
const mayHoldSecrets = ({ diagnosticEvent }: EngineEvent): boolean =>
  (diagnosticEvent?.severity as string | undefined) === "debug";

const closed = (stream: WriteStream): Promise<void> => new Promise((resolve) => stream.end(resolve));

/**
 * What interrupts the engine, which then ends its steps and keeps its state. Ctrl+C reaches it without us, and a second
 * interrupt would make it drop everything; SIGTERM is sent to us alone.
 */
function forEngine(signal: AbortSignal): AbortSignal {
  const engine = new AbortController();
  const pass = () => signal.reason === "SIGTERM" && engine.abort();
  signal.addEventListener("abort", pass, { once: true });
  return engine.signal;
}

/** The engine has told the details as they came; its whole output again would bury the reason. */
function explained(what: string, error: unknown, progress: Progress): unknown {
  if (!(error instanceof CommandError)) return error;
  const killed = /was killed with (SIG\w+)/.exec(error.message)?.[1];
  if (killed) return new UserError(`${what}: its engine was ended by ${killed}; run this again to go on`);
  if (progress.errors > 0) return new UserError(`${what}: see the lines marked error above; run this again to go on`);
  return new UserError(`${what}: ${reasonIn(error.message)}`);
}

/** The engine's own `error: ...`; without one the last line it wrote. */
const reasonIn = (output: string): string =>
  /^(?: stderr: )?error: (.+)$/m.exec(output)?.[1] ?? lastLine(output.replace(/\n err\?:[^\n]*\n$/, ""));
