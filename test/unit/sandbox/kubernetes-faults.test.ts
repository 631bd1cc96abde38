import { deepStrictEqual, throws } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Faults, readFaults, watchFaults, writeFaults } from "../../../sandbox/kubernetes/faults";

describe("readFaults and watchFaults", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faults-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("report no faults without a file", () => {
    deepStrictEqual(readFaults(folder), {});
  });

  it("fail with the file's name and the fault when a fault is wrong or unknown", () => {
    writeFileSync(join(folder, "faults.json"), '{"slow":1}');
    throws(() => readFaults(folder), /faults\.json: .*slow/);
    writeFileSync(join(folder, "faults.json"), '{"stale":true}');
    throws(() => readFaults(folder), /faults\.json: .*stale/);
  });

  it("call back at once and at every change, including the first file", async () => {
    const told: Faults[] = [];
    const changes = new EventTarget();
    const stop = watchFaults(folder, (faults) => {
      told.push(faults);
      changes.dispatchEvent(new Event("change"));
    });
    const changed = once(changes, "change");
    await writeFaults(folder, { deaf: ["miner-3"] });
    await changed;
    stop();
    deepStrictEqual(told, [{}, { deaf: ["miner-3"] }]);
  });
});
