import { deepStrictEqual, throws } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Faults, readFaults, watchFaults, writeFaults } from "../../../sandbox/kubernetes/faults";

describe("the faults of a cluster", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "faults-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are none without a file", () => {
    deepStrictEqual(readFaults(folder), {});
  });

  it("are refused with the file's name and the reason when one is unknown or wrong", () => {
    writeFileSync(join(folder, "faults.json"), '{"slow":1}');
    throws(() => readFaults(folder), /faults\.json: .*slow/);
    writeFileSync(join(folder, "faults.json"), '{"stale":true}');
    throws(() => readFaults(folder), /faults\.json: .*stale/);
  });

  it("are told now and at every change, the first file included", async () => {
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
