import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process of this machine. Its start time distinguishes it from a later process with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks since the machine's start (proc(5), field 22 of /proc/PID/stat). */
  readonly startTime: string;
}

/** Milliseconds between two checks of a process that is not our child and sends no signal when it ends. */
const LOOK_EVERY = 10;

/** Identifies a running process; undefined when there is none, or when it is a zombie. */
export function processId(pid: number): ProcessId | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the command in parentheses and may contain anything. The third is the state.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === "Z" || startTime === undefined ? undefined : { pid, startTime };
}

export const isRunning = ({ pid, startTime }: ProcessId): boolean => processId(pid)?.startTime === startTime;

/**
 * Ends a process: sends SIGTERM, and SIGKILL after the grace time. Resolves when the process is gone.
 * @param grace milliseconds; 0 kills at once
 */
export async function endProcess(process: ProcessId, grace: number): Promise<void> {
  if (grace > 0) {
    signal(process, "SIGTERM");
    if (await isGone(process, grace)) return;
  }
  signal(process, "SIGKILL");
  await isGone(process, Number.POSITIVE_INFINITY);
}

function signal(target: ProcessId, name: NodeJS.Signals): void {
  if (!isRunning(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function isGone(process: ProcessId, limit: number): Promise<boolean> {
  for (let waited = 0; isRunning(process); waited += LOOK_EVERY) {
    if (waited >= limit) return false;
    await delay(LOOK_EVERY);
  }
  return true;
}
