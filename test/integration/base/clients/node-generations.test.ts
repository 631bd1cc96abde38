import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { samplesDocument } from "../../../../infra/archive/documents";
import { askNode, NodeClient } from "../../../../infra/base/clients/node/client";
import { KeptClients } from "../../../../infra/base/clients/node/kept";
import { runWith } from "../../../../infra/base/lib/run";
import { lastSamples } from "../../../../infra/base/observe/nodes";
import { refusesLater } from "../../../support/errors";
import {
  type Generation,
  type PlayedNode,
  type ServedNode,
  serveNode,
  TODAY,
  TodaysChain,
} from "../../../support/played-nodes";

const GENESIS = "080e62f981b25b6ea8a3d2c5c0caaf33207e7d62";

const running: ServedNode[] = [];
afterEach(() => {
  for (const { stop } of running.splice(0)) stop();
});

/** Layers of 6 s, epochs of 10, at layer 24. */
async function serve(generations: readonly Generation[], more: Partial<PlayedNode> = {}): Promise<ServedNode> {
  const chain = new TodaysChain(6, 10);
  chain.time = 24 * 6;
  const served = await serveNode(chain.node(GENESIS, generations, more));
  running.push(served);
  return served;
}

const counted = ({ asked }: ServedNode, generation: Generation): number =>
  asked.filter((path) => path.startsWith(`spacemesh.${generation}.`)).length;

const everything = (node: NodeClient) =>
  Promise.all([node.stateRoot(23), node.status(), node.genesisId(), node.version(), node.build()]);

describe("NodeClient", () => {
  const SAID = [
    (23).toString(16).padStart(64, "a"),
    { connectedPeers: 3, isSynced: true, syncedLayer: 24, topLayer: 24, verifiedLayer: 23 },
    GENESIS,
    "v1.2.3+1",
    "local",
  ];
  const all: (readonly [string, readonly Generation[]])[] = [
    ["has all generations", TODAY],
    ["has v2alpha1 and v1", ["v1", "v2alpha1"]],
    ["has v1 alone, as in the era", ["v1"]],
  ];
  for (const [what, generations] of all) {
    it(`reads the same of a node that ${what}`, async () => {
      const { address } = await serve(generations);
      deepStrictEqual(await askNode({ address }, everything), SAID);
    });
  }

  it("asks v2beta1 where there is one, and v1 for version and build alone", async () => {
    const node = await serve(TODAY);
    await askNode(node, everything);
    deepStrictEqual(
      [counted(node, "v2beta1"), counted(node, "v2alpha1"), counted(node, "v1")],
      [3, 0, 2],
      node.asked.join(" "),
    );
  });

  it("asks once for a generation that the node lacks, however many questions come at once", async () => {
    const node = await serve(["v1"]);
    await askNode(node, async (client) => {
      await everything(client);
      await everything(client);
    });
    deepStrictEqual([counted(node, "v2beta1"), counted(node, "v2alpha1")], [1, 1], node.asked.join(" "));
    strictEqual(counted(node, "v1"), 10);
  });

  it("asks an older generation for what the newest of a node lacks, and remembers that too", async () => {
    const node = await serve(TODAY, { lacks: ["spacemesh.v2beta1.LayerService"] });
    await askNode(node, async (client) => {
      for (const _ of [1, 2]) deepStrictEqual(await everything(client), SAID);
    });
    strictEqual(node.asked.filter((path) => path === "spacemesh.v2beta1.LayerService/List").length, 1);
    strictEqual(node.asked.filter((path) => path === "spacemesh.v2alpha1.LayerService/List").length, 2);
    ok(node.asked.filter((path) => path === "spacemesh.v2beta1.NodeService/Status").length >= 2);
  });

  it("names what a node lacks altogether", async () => {
    const { address } = await serve(["v2beta1"], { lacks: ["spacemesh.v2beta1.NetworkService"] });
    const asked = askNode({ address }, (client) => client.genesisId());
    await refusesLater(asked, "NodeSilent", { names: [address, "GenesisID", "UNIMPLEMENTED"] });
  });

  it("chooses again after a failure", async () => {
    const node = await serve(["v1"]);
    const client = new NodeClient({ address: "127.0.0.1:9" });
    await refusesLater(Promise.all([client.status(), client.genesisId()]), "NodeSilent", { names: ["UNAVAILABLE"] });
    await refusesLater(client.stateRoot(3), "NodeSilent", { names: ["UNAVAILABLE"] });
    client.close();
    strictEqual((await askNode(node, (one) => one.status())).topLayer, 24);
  });

  it("takes a layer that has no root for what it is", async () => {
    for (const [, generations] of all) {
      const { address } = await serve(generations);
      // 32 zero bytes before the first block, and a layer that is not there.
      const roots = await askNode({ address }, (node) => Promise.all([19, 999].map((layer) => node.stateRoot(layer))));
      deepStrictEqual(roots, ["", ""]);
    }
  });

  it("takes progress from the applied layer of a node whose processed one stands", async () => {
    const chain = new TodaysChain(6, 10);
    chain.time = 60 * 6;
    for (const [, generations] of all) {
      const served = await serveNode(chain.node(GENESIS, generations, { knows: () => chain.frozenAt(22) }));
      running.push(served);
      const status = await askNode(served, (node) => node.status());
      deepStrictEqual(status, { connectedPeers: 3, isSynced: false, syncedLayer: 60, topLayer: 60, verifiedLayer: 59 });
    }
  });
});

describe("the last samples of a network, which its archive keeps", () => {
  it("are alike for nodes of each generation", async () => {
    const served = await Promise.all([serve(TODAY), serve(["v1", "v2alpha1"]), serve(["v1"])]);
    const nodes = served.map(({ address }, i) => ({ name: `miner-${i + 1}`, grpc: address, json: address }));
    const layers = { synced: true, topLayer: 24, syncedLayer: 24, verifiedLayer: 23 };
    deepStrictEqual(
      samplesDocument(await lastSamples({ nodes }, runWith({ clock: { now: () => 0, sleep: async () => undefined } }))),
      nodes.map(({ name }) => ({ node: name, at: "1970-01-01T00:00:00.000Z", reachable: true, ...layers })),
    );
  });
});

describe("KeptClients", () => {
  it("remember the generation of a node from sample to sample", async () => {
    const node = await serve(["v1"]);
    const kept = new KeptClients();
    try {
      for (const _ of [1, 2, 3]) await kept.ask(node.address, (client) => client.status());
      deepStrictEqual([counted(node, "v2beta1"), counted(node, "v2alpha1"), counted(node, "v1")], [1, 1, 3]);
    } finally {
      kept.close();
    }
  });
});
