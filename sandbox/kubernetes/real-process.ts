import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { PassThrough } from "node:stream";
import { containerFolder, homeOf } from "./cluster-record";
import { recordProcess } from "./process-records";
import type { ContainerContext, RunningProgram } from "./program";
import { findTool } from "./tools";

/** A program of this machine that runs for a container. */
export interface RealProcess extends Pick<RunningProgram, "ended"> {
  /** Its number, also of its process group if it has one. */
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end, with SIGTERM by default, and ends it after a while. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Program to run, in addition to the container's context. */
export interface ProcessSpec {
  /** Name of the tool, found in the sandbox's `bin` or on PATH; or an absolute path. */
  readonly tool: string;
  readonly args: readonly string[];
  /** Variables that the container's own variables override. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory; the container's own folder by default. */
  readonly cwd?: string;
  /** Whether it has a process group of its own, which every signal reaches: it starts programs by itself. */
  readonly isGroup?: boolean;
  /** Milliseconds that it gets to end by itself. */
  readonly grace?: number;
  /** Receives the output. */
  readonly output: PassThrough;
}

/** Milliseconds that a process gets to end by itself. */
const GRACE = 3_000;

/** Base of the exit code of a process that a signal ended (POSIX shells). */
const SIGNAL_BASE = 128;
const SIGNALS: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15 };

/** Folder for a container's data. */
export const folderOf = ({ clusterFolder, namespace, pod, container }: ContainerContext): string =>
  containerFolder(clusterFolder, namespace, pod, container);

/** Name of a container among all of its cluster. */
export const nameOf = ({ namespace, pod, container }: ContainerContext): string =>
  [namespace, pod, container].join("_");

/**
 * Starts a real program at low priority. It gets the container's environment, PATH and HOME, and no other variables of
 * ours.
 * @throws when the tool is missing
 */
export async function startProcess(context: ContainerContext, spec: ProcessSpec): Promise<RealProcess> {
  const tool = isAbsolute(spec.tool) ? spec.tool : findTool(homeOf(context.clusterFolder), spec.tool);
  const folder = folderOf(context);
  const cwd = spec.cwd ?? folder;
  mkdirSync(cwd, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: folder, ...spec.env, ...context.env };
  const child = spawn("nice", ["-n", "10", tool, ...spec.args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: spec.isGroup ?? false,
  });
  child.stdout.pipe(spec.output, { end: false });
  child.stderr.pipe(spec.output, { end: false });
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${tool} was started and has no process number.`);
  const ended = exitOf(child).finally(recordProcess(context.clusterFolder, nameOf(context), pid));
  const send = (signal: NodeJS.Signals) => (spec.isGroup ? signalGroup(child, signal) : child.kill(signal));
  return {
    pid,
    ended,
    signal: send,
    async stop(signal = "SIGTERM") {
      send(signal);
      const kill = setTimeout(() => send("SIGKILL"), spec.grace ?? GRACE);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Signals a child and all that it started, also after the child itself ended. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function exitOf(child: ChildProcess): Promise<{ exitCode: number; reason: string }> {
  // Waits for "close", not "exit": only then is all output read.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const exitCode = code ?? SIGNAL_BASE + (SIGNALS[signal ?? ""] ?? 0);
  return { exitCode, reason: exitCode === 0 ? "Completed" : "Error" };
}
