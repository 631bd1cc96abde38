import { deepStrictEqual, rejects } from "node:assert";
import { UserError } from "../../../../infra/base/lib/errors";
import { runWith } from "../../../../infra/base/lib/run";
import type { NodeAnswer } from "../../../../infra/base/model/sample";
import { said, sampleNodes } from "../../../../infra/base/observe/nodes";

const AT = "2026-01-01T00:00:00.000Z";
const run = runWith({ clock: { now: () => Date.parse(AT), sleep: async () => undefined } });

const NODES = ["miner-1", "miner-2"].map((name) => ({ name, grpc: `${name}:6000`, json: `${name}:7000` }));

const STATUS = { connectedPeers: 3, isSynced: true, syncedLayer: 11, topLayer: 12, verifiedLayer: 10 };
const LAYERS = { synced: true, topLayer: 12, syncedLayer: 11, verifiedLayer: 10 };

const silent = () => new UserError("NodeSilent", "miner-2:6000 does not answer.", "Check that the node runs.");

describe("sampleNodes", () => {
  it("samples every node by its address, also a node that does not answer, with the reason", async () => {
    const answer: NodeAnswer = { version: "v1.2.3+1", genesisId: "9eeb", status: STATUS };
    const samples = await sampleNodes(NODES, run, async (grpc) => {
      if (grpc === "miner-1:6000") return answer;
      throw silent();
    });
    const about = { version: "v1.2.3+1", genesisId: "9eeb", connectedPeers: 3 };
    deepStrictEqual(samples, [
      { node: "miner-1", at: AT, reachable: true, ...about, ...LAYERS },
      { node: "miner-2", at: AT, reachable: false, error: "miner-2:6000 does not answer" },
    ]);
  });

  it("holds the build of a node that tells it", async () => {
    const answer: NodeAnswer = { version: "v1.2.3+1", build: "c0ffee1", genesisId: "9eeb", status: STATUS };
    const [sample] = await sampleNodes(NODES.slice(0, 1), run, async () => answer);
    deepStrictEqual(sample, {
      ...{ node: "miner-1", at: AT, reachable: true, version: "v1.2.3+1", build: "c0ffee1" },
      ...{ genesisId: "9eeb", connectedPeers: 3, ...LAYERS },
    });
  });

  it("holds nothing that was not asked for", async () => {
    const [sample] = await sampleNodes(NODES.slice(0, 1), run, async () => ({ status: STATUS }));
    deepStrictEqual(sample, { node: "miner-1", at: AT, reachable: true, ...LAYERS });
  });

  it("passes on an error that is a bug", async () => {
    await rejects(
      sampleNodes(NODES, run, async () => {
        throw new TypeError("a bug");
      }),
      TypeError,
    );
  });
});

describe("said", () => {
  it("gives the answer, or the fault as a phrase", async () => {
    deepStrictEqual(await said(async () => 7), { said: 7 });
    deepStrictEqual(await said(() => Promise.reject(silent())), { error: "miner-2:6000 does not answer" });
  });
});
