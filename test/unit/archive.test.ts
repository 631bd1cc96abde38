import { deepStrictEqual, strictEqual } from "node:assert";
import type { V1Pod } from "@kubernetes/client-node";
import { logKey, logSources } from "../../infra/archive/collect";
import { archiveFolder, manifestKey } from "../../infra/archive/manifest";

/** A pod by the restarts of its containers. */
const pod = (name: string, restarts: Record<string, number>): V1Pod => ({
  metadata: { name },
  status: {
    containerStatuses: Object.entries(restarts).map(([container, restartCount]) => ({
      name: container,
      restartCount,
      image: "",
      imageID: "",
      ready: true,
    })),
  },
});

describe("logs of a network", () => {
  it("are those of every container", () => {
    deepStrictEqual(logSources([pod("miner-1", { miner: 0 }), pod("poet-1", { poet: 0, proxy: 0 })]).map(logKey), [
      "logs/miner-1/miner.log.gz",
      "logs/poet-1/poet.log.gz",
      "logs/poet-1/proxy.log.gz",
    ]);
  });

  it("are also those from before a restart, and come first", () => {
    deepStrictEqual(logSources([pod("miner-1", { miner: 3 })]).map(logKey), [
      "logs/miner-1/miner.previous.log.gz",
      "logs/miner-1/miner.log.gz",
    ]);
  });

  it("are none of a pod that no container has started in", () => {
    deepStrictEqual(logSources([{ metadata: { name: "miner-1" }, status: {} }, {}]), []);
  });
});

describe("archives of a build tag", () => {
  it("lie in folders by number, each with a manifest", () => {
    strictEqual(manifestKey("v1.2.3+1", 2), "archives/v1.2.3+1/2/manifest.json");
    strictEqual(manifestKey("v1.2.3+1", 2).startsWith(archiveFolder("v1.2.3+1")), true);
  });

  it("are not mixed up with those of a build whose number begins alike", () => {
    strictEqual(manifestKey("v1.2.3+11", 1).startsWith(archiveFolder("v1.2.3+1")), false);
  });
});
