import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { linkOf, startIn, textOf } from "./place";

/** What is known of a process number in this PID namespace. */
export type Neighbour =
  | { readonly kind: "none" }
  /** `startedAt`: milliseconds since 1970, by the present clock */
  | {
      readonly kind: "process";
      readonly start: string;
      readonly startedAt: number;
      /** Whether its program is known to be no engine. */
      readonly isOther: boolean;
    }
  /** There is a process, but this user may not look at it. */
  | { readonly kind: "hidden" };

/** The processes of this machine, as /proc shows them. */
export interface Neighbours {
  readonly at: (pid: number) => Neighbour;
  /** Engines with a number in any PID namespace below this one, by their numbers here. */
  readonly enginesNumbered: (pid: number) => readonly number[];
}

/** The kernel counts a process's start in hundredths of a second (USER_HZ, the same on all architectures of Node). */
const TICK = 10;

/** Looks at the processes of this machine. */
export const neighbours: Neighbours = {
  at(pid) {
    const stat = textOf(`/proc/${pid}/stat`);
    if (stat === undefined) return exists(pid) ? { kind: "hidden" } : { kind: "none" };
    const start = startIn(stat)?.start;
    if (start === undefined) return { kind: "none" };
    const isOther = programsOf(pid).length > 0 && !isEngine(pid);
    return { kind: "process", start, startedAt: bootedAt() + Number(start) * TICK, isOther };
  },
  enginesNumbered: (pid) =>
    processIds().filter((one) => (one === pid || innermostOf(one) === pid) && isEngine(one) && isLiving(one)),
};

/** Whether a process is a Pulumi engine. */
export const isEngine = (pid: number): boolean => programsOf(pid).some(isEngineName);

/**
 * The program of a process, which only its user may see, and its first argument. Neither is split at blanks, which may
 * be in the name of a folder.
 */
const programsOf = (pid: number): string[] =>
  [linkOf(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, ""), textOf(`/proc/${pid}/cmdline`)?.split("\0")[0]].flatMap(
    (name) => name || [],
  );

/** Whether a program is the engine, also under the names that packages give it, such as `.pulumi-wrapped`. */
export const isEngineName = (program: string): boolean =>
  /^\.?pulumi(?!-(resource|language|analyzer|converter|tool|watch)-?)/.test(basename(program));

/** When this machine started, in milliseconds since 1970 by the present clock. */
export const bootedAt = (): number => Number(/^btime (\d+)$/m.exec(textOf("/proc/stat") ?? "")?.[1] ?? 0) * 1000;

/** Whether some processes are hidden from this user (mount option `hidepid` of /proc). */
export const hidesProcesses = (): boolean => textOf("/proc/1/stat") === undefined;

const processIds = (): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);

/** The number of a process in its own namespace: the last of `NSpid: 4711 12`. */
const innermostOf = (pid: number): number =>
  Number(
    /^NSpid:(.*)$/m
      .exec(textOf(`/proc/${pid}/status`) ?? "")?.[1]
      ?.match(/\d+/g)
      ?.at(-1) ?? pid,
  );

const isLiving = (pid: number): boolean => startIn(textOf(`/proc/${pid}/stat`) ?? "") !== undefined;

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
