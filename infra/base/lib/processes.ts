import { UserError } from "./errors";
import { output } from "./exec";
import type { Run } from "./run";
import { sameKnown } from "./same-known";
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
  return readProcesses(
    await output("ps", ["-eo", "pid=,ppid=,uid=,stat=,args="], { secrets: [], timeout: 10, signal }),
  );
}

const LIVING = /^\s*(\d+) +(\d+) +(\d+) +[^Z\s]\S*(?: +(\S.*)?)?$/s;

/** Reads the output of `ps -eo pid=,ppid=,uid=,stat=,args=`, without zombies. */
export function readProcesses(text: string): Process[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, user, args = ""] = LIVING.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), user: Number(user), args }];
  });
}

/** Time that the system gets to end a process after SIGKILL, in seconds. */
const LAST = 5;

/**
 * Ends a process and its descendants by id, by SIGKILL those that ignore SIGTERM, and waits until they are gone.
 * @param grace time that they get to end by themselves, in seconds
 * @throws {UserError} when one stays
 */
export async function endTree(root: Process, processes: readonly Process[], run: Run, grace = GRACE): Promise<void> {
  const tree = treeOf(root, processes);
  const pids = tree.map(({ pid }) => pid);
  for (const pid of pids) send(pid, "SIGTERM");
  try {
    return await ended(pids, grace, run);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "WaitTimedOut") throw error;
  }
  // Their ids may have gone to others meanwhile, which have another command line.
  const living = await listProcesses(run.signal);
  const deaf = tree.filter(({ pid, user, args }) =>
    living.some((one) => one.pid === pid && one.user === user && sameKnown(one.args, args)),
  );
  for (const { pid } of deaf) send(pid, "SIGKILL");
  await ended(
    deaf.map(({ pid }) => pid),
    LAST,
    run,
  );
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

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it ended by itself
  }
}
