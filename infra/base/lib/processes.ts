import { output } from "./exec";
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

/** Seconds a process gets to end by itself; the command plugin gives its children 10 s of them. */
const GRACE = 15;

/** All living processes of this machine. */
export async function listProcesses(signal: AbortSignal): Promise<Process[]> {
  return readProcesses(await output("ps", ["-eo", "pid=,ppid=,uid=,stat=,args="], { timeout: 10, signal }));
}

/** Reads what `ps -eo pid=,ppid=,uid=,stat=,args=` prints, without those that are dead and only not reaped yet. Pure. */
export function readProcesses(text: string): Process[] {
  const living = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/gm;
  return [...text.matchAll(living)].map(([, pid, parent, user, args = ""]) => ({
    pid: Number(pid),
    parent: Number(parent),
    user: Number(user),
    args,
  }));
}

/** Ends a process and all that it has started, by id, and waits until they are gone. @throws {UserError} if they stay. */
export async function endTree(root: Process, processes: readonly Process[], signal: AbortSignal): Promise<void> {
  const pids = treeOf(root, processes).map(({ pid }) => pid);
  for (const pid of pids) terminate(pid);
  await ended(pids, GRACE, signal);
}

/**
 * Resolves when processes of this machine have ended, which is no event for anybody but their parents.
 * @param limit longest wait, in seconds
 */
export async function ended(pids: readonly number[], limit: number, signal: AbortSignal): Promise<void> {
  const look = async () => {
    const left = (await listProcesses(signal)).filter(({ pid }) => pids.includes(pid));
    return left.length === 0 ? { value: true } : { seen: `${left.map(({ pid }) => pid).join(", ")} still there` };
  };
  await waitFor(look, { what: `processes ${pids.join(", ")} to end`, limit, every: 0.2, signal });
}

/** A process with its descendants, itself last. Pure. */
export function treeOf(root: Pick<Process, "pid">, processes: readonly Process[]): Process[] {
  const children = processes.filter(({ parent }) => parent === root.pid);
  const itself = processes.filter(({ pid }) => pid === root.pid);
  return [...children.flatMap((child) => treeOf(child, processes)), ...itself];
}

function terminate(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // gone already is what was wanted
  }
}
