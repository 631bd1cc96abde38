import { deepStrictEqual, match, strictEqual, throws } from "node:assert";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxError } from "../../../sandbox/home";
import { deviceText, diskOf } from "../../../sandbox/kubernetes/block-device";
import { type DiskGroup, limitLines, makeDiskGroup } from "../../../sandbox/kubernetes/disk-cgroup";
import { requireSlowableDisk } from "../../../sandbox/kubernetes/slow-disk";

const LIMITS = { bytes: 1048576, operations: 50 };

describe("limitLines", () => {
  it("writes one line of v2, and max to lift the limits", () => {
    deepStrictEqual(limitLines(2, "254:0", LIMITS), [["io.max", "254:0 rbps=1048576 wbps=1048576 riops=50 wiops=50"]]);
    deepStrictEqual(limitLines(2, "254:0"), [["io.max", "254:0 rbps=max wbps=max riops=max wiops=max"]]);
  });

  it("writes four files of v1, and 0 to lift the limits", () => {
    deepStrictEqual(limitLines(1, "8:16", LIMITS), [
      ["blkio.throttle.read_bps_device", "8:16 1048576"],
      ["blkio.throttle.write_bps_device", "8:16 1048576"],
      ["blkio.throttle.read_iops_device", "8:16 50"],
      ["blkio.throttle.write_iops_device", "8:16 50"],
    ]);
    deepStrictEqual(
      limitLines(1, "8:16").map(([, line]) => line),
      ["8:16 0", "8:16 0", "8:16 0", "8:16 0"],
    );
  });
});

describe("makeDiskGroup", () => {
  let kernel: { cgroups: string; proc: string };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cgroups-"));
    kernel = { cgroups: join(folder, "cgroup"), proc: join(folder, "proc") };
    mkdirSync(kernel.cgroups);
    processIn("");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Process 7, in a group of both hierarchies. */
  const processIn = (group: string): void => put("proc/7/cgroup", `3:cpu,blkio:/${group}\n0::/${group}\n`);
  const put = (path: string, text = ""): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  /** A group with the files that the kernel would put into it: only there can limits be set. */
  const v1 = (place: string): void => {
    for (const [file] of limitLines(1, "")) put(`cgroup/${place}/${file}`);
  };
  const make = (): DiskGroup => makeDiskGroup(kernel, "slow", 7, "254:0", LIMITS);
  const place = ({ folder: made }: DiskGroup): string => made.slice(kernel.cgroups.length);

  it("takes v2 before v1", () => {
    put("cgroup/cgroup.controllers");
    put("cgroup/slow/io.max");
    v1("blkio");
    v1("blkio/slow");
    const group = make();
    deepStrictEqual([group.version, place(group)], [2, "/slow"]);
    strictEqual(readFileSync(join(group.folder, "io.max"), "utf8"), limitLines(2, "254:0", LIMITS)[0]?.[1]);
  });

  it("takes v1 when v2 has no controller io, and leaves nothing in v2", () => {
    put("cgroup/unified/cgroup.controllers");
    v1("blkio");
    v1("blkio/slow");
    const group = make();
    deepStrictEqual([group.version, place(group)], [1, "/blkio/slow"]);
    strictEqual(readFileSync(join(group.folder, "blkio.throttle.write_bps_device"), "utf8"), "254:0 1048576");
    strictEqual(existsSync(join(kernel.cgroups, "unified/slow")), false);
  });

  it("takes the group nearest to the process's own that can limit, and remembers the own one", () => {
    processIn("user/session");
    put("cgroup/cgroup.controllers");
    put("cgroup/user/session/cgroup.procs");
    put("cgroup/user/slow/io.max");
    put("cgroup/slow/io.max");
    const group = make();
    deepStrictEqual([place(group), group.home], ["/user/slow", join(kernel.cgroups, "user/session")]);
    strictEqual(existsSync(join(kernel.cgroups, "user/session/slow")), false);
  });

  it("starts where the hierarchy is mounted when the process's group is that of a machine outside", () => {
    processIn("docker/abc");
    v1("blkio");
    v1("blkio/slow");
    strictEqual(make().home, join(kernel.cgroups, "blkio"));
  });

  it("refuses in one line that says for each hierarchy what is missing", () => {
    put("cgroup/cgroup.controllers");
    throws(make, (error: Error) => {
      strictEqual(
        error.message,
        `The fault slowDisk needs a cgroup that limits disks: ${kernel.cgroups} gives its groups no controller io; ` +
          `no cgroup v1 with blkio.throttle.read_bps_device is in ${kernel.cgroups}. Run as root, or use stopped.`,
      );
      return error instanceof SandboxError;
    });
    strictEqual(existsSync(join(kernel.cgroups, "slow")), false);
  });
});

describe("requireSlowableDisk", () => {
  it("refuses a machine without cgroups", async () => {
    const refusal = await requireSlowableDisk(process.cwd(), { cgroups: "/nowhere", proc: "/proc" }).catch(
      (error: Error) => error,
    );
    match(`${refusal}`, /no cgroup v2 with io\.max is in \/nowhere; no cgroup v1 .* is in \/nowhere|is on no disk/);
  });
});

describe("diskOf", () => {
  it("names the disk that holds a folder, and of a partition its whole disk", () => {
    const sys = mkdtempSync(join(tmpdir(), "sys-"));
    try {
      const device = deviceText(statSync(sys, { bigint: true }).dev);
      mkdirSync(join(sys, "devices/disk/part"), { recursive: true });
      mkdirSync(join(sys, "dev/block"), { recursive: true });
      symlinkSync("../../devices/disk/part", join(sys, "dev/block", device));
      strictEqual(diskOf(sys, sys), device);
      writeFileSync(join(sys, "devices/disk/part/partition"), "1\n");
      writeFileSync(join(sys, "devices/disk/dev"), "8:32\n");
      strictEqual(diskOf(sys, sys), "8:32");
    } finally {
      rmSync(sys, { recursive: true });
    }
  });

  it("refuses a folder that is on no disk", () => {
    throws(() => diskOf("/proc"), /^Error: \/proc is on no disk that the kernel can limit/);
  });

  it("splits a device number as the kernel does", () => {
    strictEqual(deviceText(0xfe01n), "254:1");
    strictEqual(deviceText((1n << 20n) | 0x10312n), "259:274");
  });
});
