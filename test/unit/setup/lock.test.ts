import assert from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquire, isAlive, startOf } from "../../../scripts/setup/lock.mjs";

describe("acquire", () => {
  let folder = "";
  let file = "";
  const nobody = () => assert.fail("acquire waited without a holder");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-lock-"));
    file = join(folder, "locks/etcd");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gets a released lock again and leaves no file behind", async () => {
    (await acquire(file, nobody))();
    (await acquire(file, nobody))();
    assert.deepStrictEqual(readdirSync(join(folder, "locks")), []);
  });

  it("waits while the holder lives and reports the holder", async () => {
    const release = await acquire(file, nobody);
    const waited: number[] = [];
    const second = acquire(file, ({ pid }) => {
      waited.push(pid);
      release();
    });
    (await second)();
    assert.deepStrictEqual(waited, [process.pid]);
  });

  it("takes over the lock of a dead process", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const dead = { pid: child.pid ?? 0, start: startOf(child.pid ?? 0) ?? "" };
    assert.ok(isAlive(dead));
    (await acquire(file, nobody))();
    writeFileSync(file, JSON.stringify(dead));
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.ok(!isAlive(dead));
    (await acquire(file, nobody))();
  });

  it("takes over the lock of a process whose id another process has now", async () => {
    (await acquire(file, nobody))();
    writeFileSync(file, JSON.stringify({ pid: process.pid, start: "1" }));
    (await acquire(file, nobody))();
  });

  it("takes over a file that is not a lock", async () => {
    (await acquire(file, nobody))();
    writeFileSync(file, "");
    (await acquire(file, nobody))();
  });
});
