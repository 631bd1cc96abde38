import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { PassThrough } from "node:stream";
import { containerFolder, homeOf } from "./cluster-record";
import { recordProcess } from "./process-records";
import type { ContainerContext, RunningProgram } from "./program";
import { findTool } from "./tools";

/** A program of this machine that runs for a container. */
export interface RealProcess extends Pick<RunningProgram, "ended"> {
  /** Asks it to end, with SIGTERM by default, and ends it after a while. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Program to run, in addition to the container's context. */
export interface ProcessSpec {
  /** Name of the tool, found in the sandbox's `bin` or on PATH. */
  readonly tool: string;
  readonly args: readonly string[];
  /** Variables that the container's own variables override. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory; the container's own folder by default. */
  readonly cwd?: string;
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

/**
 * Starts a real program at low priority. It gets the container's environment, PATH and HOME, and no other variables of
 * ours.
 * @throws when the tool is missing
 */
export async function startProcess(context: ContainerContext, spec: ProcessSpec): Promise<RealProcess> {
  const tool = findTool(homeOf(context.clusterFolder), spec.tool);
  const folder = folderOf(context);
  const cwd = spec.cwd ?? folder;
  mkdirSync(cwd, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: folder, ...spec.env, ...context.env };
  const child = spawn("nice", ["-n", "10", tool, ...spec.args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(spec.output, { end: false });
  child.stderr.pipe(spec.output, { end: false });
  await once(child, "spawn");
  const name = [context.namespace, context.pod, context.container].join("_");
  const ended = exitOf(child).finally(recordProcess(context.clusterFolder, name, child.pid));
  return {
    ended,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const kill = setTimeout(() => child.kill("SIGKILL"), GRACE);
      await ended;
      clearTimeout(kill);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<{ exitCode: number; reason: string }> {
  // Waits for "close", not "exit": only then is all output read.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const exitCode = code ?? SIGNAL_BASE + (SIGNALS[signal ?? ""] ?? 0);
  return { exitCode, reason: exitCode === 0 ? "Completed" : "Error" };
}
