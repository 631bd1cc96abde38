import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { boundedTextFileSync, LIMITS } from "../../lib/bounded";

/** Where a process runs. Only Linux tells; elsewhere nobody knows a holder. */
export const Place = z.object({
  host: z.string(),
  /** Id of this start of the kernel (/proc/sys/kernel/random/boot_id). */
  boot: z.string(),
  /** The PID namespace, `pid:[4026531836]`. Numbers of processes mean something only within it. */
  namespace: z.string(),
  /** Id of the machine (/etc/machine-id); images of containers and machines may share one, or have none. */
  machine: z.string().optional(),
});
export type Place = z.infer<typeof Place>;

/** A process, such that no other process of the world is taken for it. */
export const Holder = Place.extend({
  pid: z.number(),
  /** When it started, in the kernel's ticks since the boot (/proc/PID/stat, field 22). */
  start: z.string(),
});
export type Holder = z.infer<typeof Holder>;

/** The PID namespace in which all processes of a kernel are seen (PROC_PID_INIT_INO in Linux's proc_ns.h). */
const INITIAL = "pid:[4026531836]";

/** Whether all processes of the kernel are seen from a place, also those in containers. */
export const isWhole = ({ namespace }: Place): boolean => namespace === INITIAL;

/** Where this process runs; undefined where the system does not tell. */
export function thisPlace(): Place | undefined {
  const boot = textOf("/proc/sys/kernel/random/boot_id");
  const namespace = linkOf("/proc/self/ns/pid");
  if (boot === undefined || namespace === undefined) return undefined;
  const machine = textOf("/etc/machine-id");
  return { host: hostname(), boot, namespace, ...(machine && { machine }) };
}

/** This process; undefined where the system does not tell. */
export function thisHolder(): Holder | undefined {
  const place = thisPlace();
  const start = startIn(textOf("/proc/self/stat") ?? "")?.start;
  return place && start !== undefined ? { ...place, pid: process.pid, start } : undefined;
}

/**
 * The start of a process in the text of its /proc/PID/stat: `PID (NAME) STATE PPID ...`. The name may hold anything,
 * also blanks and brackets. Undefined for a zombie, which has ended.
 */
export function startIn(stat: string): { readonly pid: number; readonly start: string } | undefined {
  const [state = "Z", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [pid, start] = [Number.parseInt(stat, 10), fields[18]];
  return Number.isNaN(pid) || start === undefined || /[ZX]/.test(state) ? undefined : { pid, start };
}

/** The text of a small file without white space around it; undefined when it cannot be read. */
export function textOf(file: string): string | undefined {
  try {
    return boundedTextFileSync(file, LIMITS.small).trim();
  } catch {
    return undefined;
  }
}

export function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
