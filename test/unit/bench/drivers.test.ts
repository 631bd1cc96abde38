import { match, strictEqual } from "node:assert";
import { type DriverFigures, renderDrivers } from "../../../bench/drivers";

const figures = (seconds: number[]): DriverFigures => ({
  deploy: seconds,
  network: seconds,
  remove: seconds,
  destroy: seconds,
  preview: seconds,
  again: seconds,
  status: seconds,
});

describe("the table of the drivers", () => {
  it("compares what ran one after the other, so that a slow minute of the machine slows both", () => {
    const table = renderDrivers({ spacecraft: figures([2, 8, 2]), kubernetes: figures([1, 4, 3]) });
    match(table, /^ {4}2\.00 s {5}3\.00 s {3}0\.50 times \(0\.50 to 1\.50\) {3}smeshnet status$/m);
  });

  it("shows one driver alone without a ratio", () => {
    const rows = renderDrivers({ kubernetes: figures([1]) }).split("\n");
    strictEqual(rows[0], "kubernetes");
    strictEqual(rows[3], "    1.00 s   preview without changes");
  });
});
