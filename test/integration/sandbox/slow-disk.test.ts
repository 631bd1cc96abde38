import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { places, SandboxError } from "../../../sandbox/home";
import { clusterFolder, networkFolder } from "../../../sandbox/kubernetes/cluster-record";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { ownProgram } from "../../../sandbox/kubernetes/own-program";
import type { RunningProgram } from "../../../sandbox/kubernetes/program";
import { removeSlowDisks, requireSlowableDisk, SlowDisk } from "../../../sandbox/kubernetes/slow-disk";

/** Prints how many milliseconds each flushed write of 1.5 MiB took. */
const WRITER = `
  const { closeSync, fsyncSync, openSync, writeSync } = require("node:fs");
  for (;;) {
    const file = openSync("data", "w");
    const start = Date.now();
    writeSync(file, Buffer.alloc(1572864, 1));
    fsyncSync(file);
    closeSync(file);
    console.log(Date.now() - start);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }`;

/** A node whose writes are those of a program that it starts, as a post service is. */
const NODE = `#!/usr/bin/env node
require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(WRITER)}], { stdio: "inherit" });
`;

/** What a write takes at least at 1 MiB a second, in milliseconds: the kernel lets a little through at once. */
const SLOW_WRITE = 1_000;

describe("the fault slowDisk", function () {
  this.timeout(60_000);
  let home: string;
  let cluster: string;
  const groups = () =>
    existsSync(join(cluster, "disks"))
      ? readdirSync(join(cluster, "disks")).map(
          (file) => (JSON.parse(readFileSync(join(cluster, "disks", file), "utf8")) as { folder: string }).folder,
        )
      : [];

  before(async function () {
    home = mkdtempSync(join(tmpdir(), "smeshnet-disk-"));
    cluster = clusterFolder(home, "shared");
    mkdirSync(networkFolder(cluster, "v1-2-3-1"), { recursive: true });
    const path = join(home, "node.cjs");
    writeFileSync(path, NODE);
    chmodSync(path, 0o755);
    writeFileSync(places(home).world, JSON.stringify({ schema: 1, programs: { node: { path } } }));
    const refusal = await requireSlowableDisk(home).catch((error: Error) => error);
    if (!refusal) return;
    // A machine without such a cgroup says so, in one line that a user understands.
    ok(refusal instanceof SandboxError, refusal.stack);
    match(refusal.message, /^(The fault slowDisk needs a cgroup that limits disks: |.* is on no disk)[^\n]+$/);
    this.skip();
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  /** Runs the node as a pod's container does. */
  const start = (): Promise<RunningProgram> | undefined =>
    ownProgram(
      home,
      "node",
    )?.({
      cluster: "shared",
      clusterFolder: cluster,
      networkFolder: networkFolder(cluster, "v1-2-3-1"),
      namespace: "v1-2-3-1",
      pod: "miner-1-5d8f9c7b6d-x2x4z",
      container: "node",
      image: "node:1",
      address: "127.0.0.1",
      command: [],
      args: [],
      env: {},
      mounts: {},
      grace: 1_000,
      log: (line) => ok(false, line),
    });

  it("slows the writes of a node and of what it started, until the fault is cleared", async () => {
    const running = await start();
    ok(running?.output);
    const fault = (faults: object) => writeFaults(networkFolder(cluster, "v1-2-3-1"), faults);
    const times = createInterface({ input: running.output })[Symbol.asyncIterator]();
    /** Waits for a write that took as long as asked for; the writes around a change count for neither side. */
    const write = async (isAsWanted: (took: number) => boolean) => {
      for (let i = 0; i < 20; i += 1) if (isAsWanted(Number((await times.next()).value))) return;
      ok(false, "none of 20 writes took as long");
    };
    await write((took) => took < SLOW_WRITE);
    await fault({ slowDisk: ["miner-1"] });
    await write((took) => took >= SLOW_WRITE);
    await write((took) => took >= SLOW_WRITE);
    const [group = ""] = groups();
    strictEqual(readFileSync(join(group, "cgroup.procs"), "utf8").trim().split("\n").length, 2);
    await fault({});
    await write((took) => took < SLOW_WRITE);
    await write((took) => took < SLOW_WRITE);
    deepStrictEqual([groups(), existsSync(group)], [[], false]);
    await fault({ slowDisk: ["miner-1"] });
    await write((took) => took >= SLOW_WRITE);
    const [again = ""] = groups();
    await running.stop();
    deepStrictEqual([groups(), existsSync(again)], [[], false]);
  });

  it("ends with the cluster when its runner was killed before", async () => {
    const left: ChildProcess = spawn("sleep", ["60"], { detached: true });
    await once(left, "spawn");
    const exit = once(left, "exit");
    new SlowDisk(cluster, "v1-2-3-1_miner-2_node").slow(left.pid ?? 0);
    const [group = ""] = groups();
    ok(existsSync(group));
    await removeSlowDisks(cluster);
    deepStrictEqual(await exit, [null, "SIGKILL"]);
    deepStrictEqual([groups(), existsSync(group)], [[], false]);
  });
});
