import { ok } from "node:assert";
import { measureArchive } from "../../../bench/archive";

describe("the memory of the archive step", function () {
  this.timeout(120_000);

  it("stays below 256 MB and does not grow with the logs", async () => {
    const [little, much] = [await measureArchive(16e6, 2), await measureArchive(256e6, 2)];
    ok(much.peakMemory < 256e6, `${much.peakMemory} bytes`);
    ok(much.peakMemory - little.peakMemory < 32e6, `${little.peakMemory}, then ${much.peakMemory} bytes`);
  });
});
