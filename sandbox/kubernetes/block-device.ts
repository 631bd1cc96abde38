import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SandboxError } from "../home";

/** Bits of a device number that hold its major and minor number (glibc, sys/sysmacros.h). */
const major = (dev: bigint): bigint => ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
const minor = (dev: bigint): bigint => (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);

/** A device number as cgroups write it, e.g. `254:0`. */
export const deviceText = (dev: bigint): string => `${major(dev)}:${minor(dev)}`;

/**
 * The disk that holds a folder, e.g. `254:0`. Of a partition it is the whole disk, since the kernel limits no partition
 * (block/blk-cgroup.c, blkg_conf_open_bdev).
 * @param sys where sysfs is mounted
 * @throws {SandboxError} when the file system has no disk of its own, such as tmpfs, overlay and btrfs
 */
export function diskOf(folder: string, sys = "/sys"): string {
  const device = deviceText(statSync(folder, { bigint: true }).dev);
  const known = join(sys, "dev/block", device);
  if (!existsSync(known))
    throw new SandboxError(
      `${folder} is on no disk that the kernel can limit (tmpfs, overlay or btrfs). Set SANDBOX_HOME to one on ext4.`,
    );
  if (!existsSync(join(known, "partition"))) return device;
  // The entry links to the device's folder, and a partition's folder is in that of its disk.
  return readFileSync(join(dirname(realpathSync(known)), "dev"), "utf8").trim();
}
