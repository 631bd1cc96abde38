import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { KeptClients } from "../../../infra/base/clients/node/kept";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { networkEndpoints } from "../../../infra/base/model/endpoints";
import { sampleNetwork, type VantagePoints } from "../../../infra/base/observe/network-sample";
import { vantagePoints } from "../../../infra/base/observe/vantage";
import { type Evidence, judge } from "../../../infra/base/verdict/judge";
import { type Memory, NOTHING } from "../../../infra/base/verdict/memory";
import { evidenceInWords } from "../../../infra/base/verdict/words";
import { type PlayedNode, type ServedNode, serveNode, TODAY, TodaysChain } from "../../support/played-nodes";

const GENESIS = Date.parse("2026-01-01T00:00:00Z");
const ID = "080e62f981b25b6ea8a3d2c5c0caaf33207e7d62";
const EVERY = 30;
/** The setting for the era, which must do for today's nodes too. */
const THRESHOLDS = { usualLag: 2, stall: 2 };

/** Three of today's nodes under watch, by the watcher's own clients; layers of 60 s, epochs of 8. */
class Watched {
  readonly chain = new TodaysChain(60, 8);
  memory: Memory = NOTHING;
  evidence: Evidence | undefined;
  private serial = 0;
  private constructor(
    private readonly served: ServedNode[],
    private readonly clients: KeptClients,
    private points: VantagePoints,
  ) {}

  static async make(nodes: Readonly<Record<number, (chain: TodaysChain) => Partial<PlayedNode>>> = {}) {
    const clients = new KeptClients();
    const watched = new Watched([], clients, undefined as never);
    for (const n of [0, 1, 2]) {
      const node = { ...watched.chain.node(ID, TODAY), ...nodes[n]?.(watched.chain) };
      watched.served.push(await serveNode(node));
    }
    const names = { servers: [], zone: "example.org", subdomain: "net", tls: true, port: 443 };
    const endpoints = networkEndpoints(parseBuildTag("v1.2.3+1"), 1, names);
    const facts = watched.served.map(({ address }, i) => ({ name: `miner-${i + 1}`, grpc: address, json: address }));
    const service = async () => ({});
    const services = { gateway: service, explorer: service, dashboard: service };
    watched.points = { ...vantagePoints({ nodes: facts }, endpoints, names, clients), ...services };
    return watched;
  }

  /** Looks from one layer to another. */
  async through(from: number, to: number): Promise<this> {
    for (let time = from * 60; time < to * 60; time += EVERY) {
      this.chain.time = time;
      const run = runWith({ clock: { now: () => GENESIS + time * 1000, sleep: async () => undefined } });
      const sample = await sampleNetwork(this.points, this.memory.verified, run);
      const network = {
        nodes: ["miner-1", "miner-2", "miner-3"],
        genesisId: ID,
        genesisTime: GENESIS,
        layerDuration: 60,
        layersPerEpoch: 8,
      };
      const sampling = { sample, watcher: "one", serial: ++this.serial, every: EVERY };
      ({ memory: this.memory, evidence: this.evidence } = judge(network, THRESHOLDS, this.memory, sampling));
    }
    return this;
  }

  words = () => evidenceInWords(this.memory.verdict, this.evidence as Evidence);

  end(): void {
    this.clients.close();
    for (const { stop } of this.served) stop();
  }
}

describe("the simmer of today's nodes", function () {
  this.timeout(20_000);
  let watched: Watched;
  afterEach(() => watched.end());

  it("counts nothing before the effective genesis, also before genesis, and then counts healthy time", async () => {
    watched = await Watched.make();
    await watched.through(-5, 15);
    strictEqual(watched.memory.verdict, "blind");
    deepStrictEqual(watched.memory.observed, { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 });
    deepStrictEqual([watched.evidence?.implausible, watched.evidence?.silent, watched.memory.nodes], [{}, [], {}]);
    match(watched.words(), /^It is before the effective genesis: the clock is at layer 14\.$/);
    await watched.through(15, 40);
    strictEqual(watched.memory.verdict, "healthy");
    deepStrictEqual([watched.memory.observed.stalled, watched.memory.observed.slow], [0, 0]);
    ok(watched.memory.observed.healthy > 15 * 60, JSON.stringify(watched.memory.observed));
  });

  it("waits for epoch 3 when nobody served a beacon, says so, and then counts", async () => {
    watched = await Watched.make();
    watched.chain.hasBeacon = false;
    await watched.through(14, 24);
    strictEqual(watched.memory.verdict, "blind");
    const late = "without a first beacon, blocks begin with epoch 3, at layer 24";
    match(watched.words(), new RegExp(`^It is before the first block: the clock is at layer 23; ${late}\\.$`));
    await watched.through(24, 40);
    deepStrictEqual([watched.memory.verdict, watched.memory.observed.stalled], ["healthy", 0]);
  });

  it("judges a node whose processed layer stands by its applied one", async () => {
    watched = await Watched.make({
      0: (chain) => ({ knows: () => chain.frozenAt(20), generations: TODAY }),
      1: (chain) => ({ knows: () => chain.frozenAt(20), generations: ["v1", "v2alpha1"] }),
      2: () => ({ generations: ["v1"] }),
    });
    await watched.through(15, 45);
    deepStrictEqual(
      [watched.memory.verdict, watched.evidence?.advancing, watched.evidence?.standing],
      ["healthy", 3, []],
    );
    strictEqual(watched.memory.observed.stalled, 0);
  });

  it("finds no split in layers without a root, and finds a true one", async () => {
    let isForked = false;
    const fork = () => ({
      root: (layer: number) => (isForked ? "be" : "ab").repeat(31) + (layer % 100 < 10 ? "00" : "11"),
    });
    watched = await Watched.make({ 1: fork, 2: fork });
    for (let layer = 16; layer < 30; layer++) watched.chain.empty.add(layer);
    await watched.through(15, 29);
    strictEqual(watched.memory.verdict, "healthy");
    isForked = true;
    await watched.through(29, 36);
    ok(watched.evidence?.roots, "two of three nodes agree, and the third is named");
    deepStrictEqual(watched.evidence.roots.groups[1]?.nodes, ["miner-1"]);
  });
});
