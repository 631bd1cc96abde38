import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { endTree, listProcesses, readProcesses } from "../../../../infra/base/lib/processes";
import { runWith } from "../../../../infra/base/lib/run";

describe("endTree", function () {
  this.timeout(20_000);

  it("ends a process that ignores SIGTERM, and waits for its end", async () => {
    const deaf = "process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000);";
    const child = spawn(process.execPath, ["-e", deaf], { stdio: ["ignore", "pipe", "ignore"] });
    const closed = once(child, "close");
    await once(child.stdout, "data");
    const run = runWith();
    const processes = await listProcesses(run.signal);
    const root = processes.find(({ pid }) => pid === child.pid);
    ok(root);
    await endTree(root, processes, run, 0.2);
    deepStrictEqual(await closed, [null, "SIGKILL"]);
  });
});

describe("readProcesses", () => {
  it("reads living processes, also of odd command lines", () => {
    const text = [
      "    1     0     0 Ss   /sbin/init splash",
      "   12     1  1000 S+   sh -c a  b",
      "   13     1  1000 Z    [sh] <defunct>",
      "  999    12  1000 R    ",
      "no process",
      "",
    ].join("\n");
    deepStrictEqual(
      readProcesses(text).map(({ pid, parent, user, args }) => [pid, parent, user, args]),
      [
        [1, 0, 0, "/sbin/init splash"],
        [12, 1, 1000, "sh -c a  b"],
        [999, 12, 1000, ""],
      ],
    );
  });

  it("reads a command line of a megabyte at once", () => {
    const start = performance.now();
    strictEqual(readProcesses(`1 0 0 S ${"1 ".repeat(500_000)}`).length, 1);
    strictEqual(readProcesses(`${" ".repeat(500_000)}x\n${"1".repeat(500_000)}`).length, 0);
    ok(performance.now() - start < 500);
  });
});
