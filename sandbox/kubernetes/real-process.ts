import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { PassThrough } from "node:stream";
import { containerFolder, homeOf } from "./cluster-record";
import { recordProcess } from "./process-records";
import type { ContainerContext, RunningProgram } from "./program";
import { findTool } from "./tools";

/** A program of the machine that runs for a container. */
export type RealProcess = Pick<RunningProgram, "ended" | "stop">;

/** What to run, besides what the container's context says. */
export interface ProcessSpec {
  /** Name of the tool, looked for in the sandbox's `bin` and on PATH. */
  readonly tool: string;
  readonly args: readonly string[];
  /** Variables that go before those of the container. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory; the container's own folder when absent. */
  readonly cwd?: string;
  /** Takes what it prints. */
  readonly output: PassThrough;
}

/** Milliseconds a process gets to end by itself. */
const GRACE = 3_000;

/** Exit codes of processes that a signal has ended (POSIX shells). */
const SIGNAL_BASE = 128;
const SIGNALS: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15 };

/** The folder of a container's own data. */
export const folderOf = ({ clusterFolder, namespace, pod, container }: ContainerContext): string =>
  containerFolder(clusterFolder, namespace, pod, container);

/**
 * Starts a real program at low priority, with the container's environment and nothing of ours but PATH.
 * @throws when the tool is not there.
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
    async stop() {
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), GRACE);
      await ended;
      clearTimeout(kill);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<{ exitCode: number; reason: string }> {
  // Not "exit": by "close" all that it has printed is there.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const exitCode = code ?? SIGNAL_BASE + (SIGNALS[signal ?? ""] ?? 0);
  return { exitCode, reason: exitCode === 0 ? "Completed" : "Error" };
}
