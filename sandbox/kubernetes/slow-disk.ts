import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { diskOf } from "./block-device";
import {
  type DiskGroup,
  type DiskLimits,
  KERNEL,
  type Kernel,
  makeDiskGroup,
  moveProcess,
  processesIn,
  removeGroup,
  setLimits,
} from "./disk-cgroup";
import { endProcess, processId } from "./process-id";

/** A disk at its end: 1 MiB and 50 operations a second, each for reads and for writes. A new one has 500 MiB and more. */
export const SLOW: DiskLimits = { bytes: 1024 * 1024, operations: 50 };

/** Folder with one file for each group of a cluster, so that a deletion removes groups of a killed runner. */
const recordsOf = (clusterFolder: string): string => join(clusterFolder, "disks");

const groupSchema = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  folder: z.string(),
  home: z.string(),
  disk: z.string(),
});

/** Slows the disk for the processes of one container, and undoes it. */
export class SlowDisk {
  private group: DiskGroup | undefined;

  /** @param name of the container among all of the cluster */
  constructor(
    private readonly clusterFolder: string,
    private readonly name: string,
    private readonly kernel: Kernel = KERNEL,
  ) {}

  /**
   * Slows the disk for a process group: its processes of now, and those that they start later.
   * @throws {SandboxError} when no cgroup of this machine limits the cluster's disk
   */
  slow(leader: number): void {
    this.group ??= this.make(leader);
    const moved = new Set<number>();
    // A process may start another one just before it is moved, so the search ends only when it finds no new one.
    let found = [leader];
    while (found.length > 0) {
      for (const pid of found) moveProcess(this.group.folder, pid);
      for (const pid of found) moved.add(pid);
      found = processesOf(leader, this.kernel).filter((pid) => !moved.has(pid));
    }
  }

  /** Lifts the limits, then takes the processes out and removes the group. Does nothing for a disk that is not slow. */
  async restore(): Promise<void> {
    const { group } = this;
    if (!group) return;
    setLimits(group); // first, or what waits in the queue of the disk would hold each process
    await removeGroup(group.folder, (pid) => moveProcess(group.home, pid));
    rmSync(this.record, { force: true });
    this.group = undefined;
  }

  private make(pid: number): DiskGroup {
    const group = makeDiskGroup(this.kernel, groupName(this.record), pid, diskOf(this.clusterFolder), SLOW);
    mkdirSync(recordsOf(this.clusterFolder), { recursive: true });
    writeFileSync(this.record, JSON.stringify(group));
    return group;
  }

  private get record(): string {
    return join(recordsOf(this.clusterFolder), `${this.name}.json`);
  }
}

/**
 * Tries whether this machine can slow the disk of a folder: makes such a group, moves this process there and back, and
 * removes the group.
 * @throws {SandboxError} one line that says what is missing
 */
export async function requireSlowableDisk(folder: string, kernel: Kernel = KERNEL): Promise<void> {
  const name = groupName(`${folder} trial ${process.pid}`);
  const group = makeDiskGroup(kernel, name, process.pid, diskOf(folder), SLOW);
  try {
    moveProcess(group.folder, process.pid);
  } finally {
    await removeGroup(group.folder, (pid) => moveProcess(group.home, pid));
  }
}

/** Ends what a killed runner of a cluster left on slow disks, and removes the groups. */
export async function removeSlowDisks(clusterFolder: string): Promise<void> {
  const folder = recordsOf(clusterFolder);
  for (const file of namesIn(folder)) {
    const group = groupSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    if (processesIn(group.folder).length > 0) setLimits(group);
    await removeGroup(group.folder, async (pid) => {
      const left = processId(pid);
      if (left) await endProcess(left, 0);
    });
    rmSync(join(folder, file));
  }
}

const groupName = (text: string): string => `smeshnet-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;

/** Running processes of a process group (proc(5): field 5 of /proc/PID/stat). */
function processesOf(leader: number, { proc }: Kernel): number[] {
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(join(proc, `${pid}`, "stat"), "utf8");
        const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return state !== "Z" && state !== "X" && Number(group) === leader;
      } catch {
        return false; // it ended in the meantime
      }
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
