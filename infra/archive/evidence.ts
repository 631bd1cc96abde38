import type { ContainerRun } from "./container-runs";
import type { MadeGap } from "./gaps";

/**
 * A container writes its first line soon after its start. One that does not is suspected: the kubelet keeps a log in files
 * of 10 MiB (containerLogMaxSize), serves the newest one alone, and tells nobody that there were others.
 */
const SOON = 60_000;

/** What was read of a run. */
export interface ReadRun {
  readonly pod: string;
  readonly container: string;
  readonly number: number;
  /** When the run started, RFC 3339. */
  readonly startedAt?: string;
  /** Time of the first line in the kubelet's file; absent when it has none. */
  readonly first?: string;
  /** Size of the kubelet's file, in bytes. */
  readonly onDisk: number;
  /** Whether an earlier reading had the beginning of the run. */
  readonly isContinued: boolean;
  /** How to read it again; absent for a run that ended before. */
  readonly live?: ContainerRun;
}

/**
 * Whether lines at the start of a run may have rotated away, by the times alone. A log without a line may be the file that
 * came after a rotation.
 */
export const isSuspect = ({ startedAt, first, isContinued }: ReadRun): boolean =>
  !isContinued && startedAt !== undefined && (first === undefined || Date.parse(first) - Date.parse(startedAt) > SOON);

/**
 * What other files need not be, in bytes: a file system gives space in blocks, and a log that broke off is longer than what
 * was read. A file that rotated away is far larger, also once the kubelet has compressed it.
 */
const SLACK = 32 * 1024;

/**
 * The gaps at the starts of a container's runs. A file that rotated away mostly still lies beside the newest one, although
 * nobody can read it: when the space of all files is no more than what was read, there was no other.
 * @param runs all runs of one container that were read
 * @param used bytes of all its log files on the node; undefined when the node does not tell
 */
export function startGaps(runs: readonly ReadRun[], used: number | undefined): MadeGap[] {
  const read = runs.reduce((sum, { onDisk }) => sum + onDisk, 0);
  const isWhole = used !== undefined && used <= read + SLACK;
  if (isWhole) return [];
  return runs
    .filter((run) => isSuspect(run) && (run.first !== undefined || used !== undefined)) // most silent containers are well
    .map(({ pod, container, number, startedAt, first }) => ({
      kind: "rotated",
      pod,
      container,
      runs: { first: number, last: number },
      ...(startedAt !== undefined && { from: startedAt }),
      ...(first !== undefined && { to: first }),
    }));
}
