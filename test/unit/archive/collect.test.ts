import { strictEqual } from "node:assert";
import { logKey } from "../../../infra/archive/collect";
import { archiveFolder, manifestKey } from "../../../infra/archive/manifest";

describe("logKey", () => {
  it("makes one object for each pod", () => {
    strictEqual(logKey("miner-1-abc"), "logs/miner-1-abc.log.zst");
  });
});

describe("manifestKey", () => {
  it("names a numbered folder for each archive of a build tag", () => {
    strictEqual(manifestKey("v1.2.3+1", 2), "archives/v1.2.3+1/2/manifest.json");
    strictEqual(manifestKey("v1.2.3+1", 2).startsWith(archiveFolder("v1.2.3+1")), true);
  });

  it("does not mix up builds whose numbers begin with the same digit", () => {
    strictEqual(manifestKey("v1.2.3+11", 1).startsWith(archiveFolder("v1.2.3+1")), false);
  });
});
