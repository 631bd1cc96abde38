import { deepStrictEqual } from "node:assert";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedProcesses, recordProcess } from "../../../sandbox/kubernetes/process-records";

describe("recordedProcesses", () => {
  it("leaves out a process that removes its record after the folder was listed", () => {
    const folder = mkdtempSync(join(tmpdir(), "smeshnet-records-"));
    try {
      recordProcess(folder, "runner", process.pid);
      symlinkSync(join(folder, "gone"), join(folder, "processes", "maker.json"));
      deepStrictEqual([...recordedProcesses(folder).keys()], ["runner"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
