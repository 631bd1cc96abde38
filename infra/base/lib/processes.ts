import { output } from "./exec";
import type { Run } from "./run";
import { waitFor } from "./wait";

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Id of the user who runs it. */
  readonly user: number;
  /** Its command line. */
  readonly args: string;
}

/** Time that a process gets to end by itself, in seconds. The command plugin gives its children 10 s of it. */
const GRACE = 15;

/** All living processes of this machine. */
export async function listProcesses(signal: AbortSignal): Promise<Process[]> {
  return readProcesses(await output("ps", ["-eo", "pid=,ppid=,uid=,stat=,args="], { timeout: 10, signal }));
}

const LIVING = /^\s*(\d+) +(\d+) +(\d+) +[^Z\s]\S*(?: +(\S.*)?)?$/s;

/** Reads the output of `ps -eo pid=,ppid=,uid=,stat=,args=`, without zombies. */
export function readProcesses(text: string): Process[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, user, args = ""] = LIVING.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), user: Number(user), args }];
  });
}

/** Ends a process and its descendants by id, and waits until they are gone. @throws {UserError} when one stays */
export async function endTree(root: Process, processes: readonly Process[], run: Run): Promise<void> {
  const pids = treeOf(root, processes).map(({ pid }) => pid);
  for (const pid of pids) terminate(pid);
  await ended(pids, GRACE, run);
}

/**
 * Resolves when processes of this machine have ended. Only a parent gets an event for that, so this polls.
 * @param limit time limit, in seconds
 * @throws {UserError} when the limit is over
 */
export async function ended(pids: readonly number[], limit: number, run: Run): Promise<void> {
  const look = async () => {
    const left = (await listProcesses(run.signal)).filter(({ pid }) => pids.includes(pid));
    return left.length === 0 ? { value: true } : { seen: `still running: ${left.map(({ pid }) => pid).join(", ")}` };
  };
  // Quiet, since a caller reports the ending itself.
  const quiet = { ...run, say: () => undefined };
  await waitFor(look, { what: `processes ${pids.join(", ")} to end`, limit, every: 0.2 }, quiet);
}

/** A process and its descendants; the process itself comes last. */
export function treeOf(root: Pick<Process, "pid">, processes: readonly Process[]): Process[] {
  const children = processes.filter(({ parent }) => parent === root.pid);
  const itself = processes.filter(({ pid }) => pid === root.pid);
  return [...children.flatMap((child) => treeOf(child, processes)), ...itself];
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it ended by itself
  }
}
