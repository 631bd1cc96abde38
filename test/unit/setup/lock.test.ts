import assert from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquire, isAlive, startOf } from "../../../scripts/setup/lock.mjs";

describe("The lock of a tool", () => {
  let folder = "";
  let file = "";
  const nobody = () => assert.fail("there is nobody to wait for");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-lock-"));
    file = join(folder, "locks/etcd");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is free again once it is given back, and leaves nothing behind", async () => {
    (await acquire(file, nobody))();
    (await acquire(file, nobody))();
    assert.deepStrictEqual(readdirSync(join(folder, "locks")), []);
  });

  it("is waited for while its holder lives, and the waiter is told whom it waits for", async () => {
    const release = await acquire(file, nobody);
    const waited: number[] = [];
    const second = acquire(file, ({ pid }) => {
      waited.push(pid);
      release();
    });
    (await second)();
    assert.deepStrictEqual(waited, [process.pid]);
  });

  it("is taken over from a dead process", async () => {
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

  it("is taken over from a process whose id another one has by now", async () => {
    (await acquire(file, nobody))();
    writeFileSync(file, JSON.stringify({ pid: process.pid, start: "1" }));
    (await acquire(file, nobody))();
  });

  it("is taken over when it is no lock of ours", async () => {
    (await acquire(file, nobody))();
    writeFileSync(file, "");
    (await acquire(file, nobody))();
  });
});
