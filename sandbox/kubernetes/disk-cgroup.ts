import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SandboxError } from "../home";

/** Limits of a disk, each for reads and for writes: bytes a second, and operations a second. */
export interface DiskLimits {
  readonly bytes: number;
  readonly operations: number;
}

/** Where the kernel shows cgroups and processes. */
export interface Kernel {
  /** Folder in which cgroups are mounted. */
  readonly cgroups: string;
  readonly proc: string;
}

export const KERNEL: Kernel = { cgroups: "/sys/fs/cgroup", proc: "/proc" };

/** A cgroup of ours that limits one disk. */
export interface DiskGroup {
  readonly version: 1 | 2;
  /** Its folder. */
  readonly folder: string;
  /** Folder of the group from which its processes come, and to which they go back. */
  readonly home: string;
  /** The disk, e.g. `254:0`. */
  readonly disk: string;
}

/** Milliseconds between two attempts to remove a group whose last process is ending: v1 tells nobody of its end. */
const LOOK_EVERY = 10;

/** Attempts to remove a group, so 5 seconds. */
const ATTEMPTS = 500;

/** What the two versions of cgroups call the same thing. `places` are where the hierarchy of disks is usually mounted. */
const VERSIONS = [
  { version: 2, places: ["", "unified"], controller: "", switchedBy: "io.max" },
  { version: 1, places: ["blkio", "blkio,io"], controller: "blkio", switchedBy: "blkio.throttle.read_bps_device" },
] as const;

/**
 * What is written into the files of a group: its limits, or no limits any more
 * (kernel.org, admin-guide/cgroup-v2 "io.max" and cgroup-v1/blkio-controller "blkio.throttle").
 */
export function limitLines(version: 1 | 2, disk: string, limits?: DiskLimits): readonly (readonly [string, string])[] {
  if (version === 2) {
    const [bytes, operations] = [limits?.bytes ?? "max", limits?.operations ?? "max"];
    return [["io.max", `${disk} rbps=${bytes} wbps=${bytes} riops=${operations} wiops=${operations}`]];
  }
  const line = (kind: string, limit = 0): [string, string] => [`blkio.throttle.${kind}_device`, `${disk} ${limit}`];
  return [
    line("read_bps", limits?.bytes),
    line("write_bps", limits?.bytes),
    line("read_iops", limits?.operations),
    line("write_iops", limits?.operations),
  ];
}

/**
 * Makes a group that limits a disk, in the first hierarchy in which the kernel lets us: v2 before v1, and near the
 * process's own group before farther away. A group that is there already gets the limits too.
 * @param pid process that will move into the group
 * @throws {SandboxError} one line that says for each hierarchy what is missing
 */
export function makeDiskGroup(kernel: Kernel, name: string, pid: number, disk: string, limits: DiskLimits): DiskGroup {
  const missing: string[] = [];
  for (const kind of VERSIONS) {
    const mounted = kind.places.map((place) => join(kernel.cgroups, place)).find(isHierarchy(kind.version));
    if (mounted === undefined)
      missing.push(`no cgroup v${kind.version} with ${kind.switchedBy} is in ${kernel.cgroups}`);
    else {
      const [home, ...above] = ancestorsOf(kernel, mounted, pid, kind.controller);
      for (const parent of [home, ...above]) {
        const group: DiskGroup = { version: kind.version, folder: join(parent, name), home, disk };
        const why = refusalOf(group, limits);
        if (why === undefined) return group;
        missing.push(why);
      }
    }
  }
  throw new SandboxError(
    `The fault slowDisk needs a cgroup that limits disks: ${missing.join("; ")}. Run as root, or use stopped.`,
  );
}

/** Whether a hierarchy is mounted there: a group has the file, and of v2 the root group has another one. */
const isHierarchy =
  (version: 1 | 2) =>
  (folder: string): boolean =>
    existsSync(join(folder, version === 2 ? "cgroup.controllers" : "blkio.throttle.read_bps_device"));

/** Folders of a process's own group and of those above it, up to where the hierarchy is mounted. */
function ancestorsOf({ proc }: Kernel, mounted: string, pid: number, controller: string): [string, ...string[]] {
  const own = readFileSync(join(proc, `${pid}`, "cgroup"), "utf8")
    .split("\n")
    .map((line) => /^\d+:([^:]*):\/(.*)$/.exec(line))
    .find((line) => (controller === "" ? line?.[1] === "" : line?.[1]?.split(",").includes(controller)));
  const folders: string[] = [];
  // In a container the path may be of the machine outside, and then only its end is here.
  for (let folder = join(mounted, own?.[2] ?? ""); folder !== mounted; folder = dirname(folder))
    if (existsSync(folder)) folders.push(folder);
  const [first = mounted, ...others] = [...folders, mounted];
  return [first, ...others];
}

/** Makes the group and sets its limits. What the kernel refused, in words; nothing is left then. */
function refusalOf(group: DiskGroup, limits: DiskLimits): string | undefined {
  const parent = dirname(group.folder);
  try {
    mkdirSync(group.folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") return `${parent} takes no group (${code})`;
  }
  try {
    setLimits(group, limits);
    return undefined;
  } catch (error) {
    rmdirSync(group.folder);
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `${parent} gives its groups no controller io` : `${parent} takes no limit (${code})`;
  }
}

/** Sets the limits of a group, or lifts them. */
export function setLimits({ version, folder, disk }: DiskGroup, limits?: DiskLimits): void {
  for (const [file, line] of limitLines(version, disk, limits)) write(join(folder, file), line);
}

/** Moves a process with all its threads. A process that ended meanwhile moves nowhere. */
export function moveProcess(folder: string, pid: number): void {
  try {
    write(join(folder, "cgroup.procs"), `${pid}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Processes in a group; none when the group is gone. */
export function processesIn(folder: string): number[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Takes all processes out of a group and removes it. A group that is gone is removed.
 * @param takeOut moves a process to another group, or ends it
 */
export async function removeGroup(folder: string, takeOut: (pid: number) => void | Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    for (const pid of processesIn(folder)) await takeOut(pid);
    try {
      return rmdirSync(folder);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return;
      if (code !== "EBUSY" || attempt === ATTEMPTS) throw error;
    }
    await delay(LOOK_EVERY);
  }
}

/** Writes into a file of the kernel: one that is missing stays missing. */
const write = (file: string, text: string): void => writeFileSync(file, text, { flag: "r+" });
