import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { runWith } from "../../../infra/base/lib/run";
import type { NetworkFacts } from "../../../infra/base/model/network-facts";
import { byClients } from "../../../infra/base/observe/nodes";
import { type SmokeReport, shortcomings } from "../../../infra/deploy/smoke/report";
import { smokeTest } from "../../../infra/deploy/smoke/run";
import { type PlayedNode, type ServedNode, serveNode, TODAY, TodaysChain } from "../../support/played-nodes";

const GENESIS = Date.parse("2026-01-01T00:00:00Z");
const ID = "080e62f981b25b6ea8a3d2c5c0caaf33207e7d62";
const OTHER = "ff".repeat(20);

/** Three of today's nodes, layers of 60 s, epochs of 8: blocks begin at layer 16. Time passes when somebody waits. */
class TodaysNetwork {
  readonly chain = new TodaysChain(60, 8);
  readonly said: string[] = [];
  private served: ServedNode[] = [];

  /** @param age seconds since genesis @param nodes changes by number, from 0 */
  async smoke(
    age: number,
    limitLayers: number,
    nodes: Readonly<Record<number, Partial<PlayedNode>>> = {},
  ): Promise<SmokeReport> {
    this.chain.time = age;
    this.served = await Promise.all([0, 1, 2].map((n) => serveNode({ ...this.chain.node(ID, TODAY), ...nodes[n] })));
    const facts: NetworkFacts = {
      tag: "v1.2.3+1",
      cluster: "v1-2-3-1",
      namespace: "v1-2-3-1",
      driver: "kubernetes",
      genesisId: ID,
      genesisTime: new Date(GENESIS).toISOString(),
      layerDuration: 60,
      layersPerEpoch: 8,
      netId: 7,
      nodes: this.served.map(({ address }, i) => ({ name: `miner-${i + 1}`, grpc: address, json: address })),
      poets: [{ name: "poet-1", rest: "poet-1:5000" }],
      nodeConfig: "{}",
    };
    const clock = {
      now: () => GENESIS + this.chain.time * 1000,
      sleep: async (seconds: number) => {
        this.chain.time += seconds;
      },
    };
    const options = {
      facts,
      versions: { node: { version: "v1.2.3+1", link: "https://github.com/spacemeshos/go-spacemesh" } },
      commit: "c0ffee".padEnd(40, "0"),
      limitLayers,
    };
    const poet = async () => ({ kind: "phases", phaseShift: 15, cycleGap: 15 }) as const;
    const run = runWith({ clock, say: (line: string) => this.said.push(line) });
    try {
      return await smokeTest(options, run, { ...byClients(), poet });
    } finally {
      for (const { stop } of this.served) stop();
    }
  }
}

const open = ({ checks }: SmokeReport) =>
  checks.filter(({ status }) => status !== "passed").map(({ name, status }) => `${name} ${status}`);

describe("the smoke test of today's nodes", () => {
  it("begins before genesis, believes nothing until blocks are verified, and then passes", async () => {
    const network = new TodaysNetwork();
    const report = await network.smoke(-300, 6);
    deepStrictEqual([open(report), report.layers], [[], { from: 0, to: 18 }]);
    match(network.said.join("\n"), /^layer 0: open: layers, verified-layer, state-roots$/m);
    match(network.said.join("\n"), /^layer 15: open: verified-layer, state-roots$/m);
  });

  for (const generation of ["v1", "v2alpha1"] as const) {
    it(`passes a network one of whose nodes has ${generation} as its newest API`, async () => {
      const generations = generation === "v1" ? ([generation] as const) : (["v1", generation] as const);
      deepStrictEqual(open(await new TodaysNetwork().smoke(30 * 60, 6, { 1: { generations } })), []);
    });
  }

  it("fails at once for a node of another genesis than the computed one, with both ids and its name", async () => {
    const report = await new TodaysNetwork().smoke(-300, 6, { 2: { genesisId: OTHER } });
    ok(open(report).includes("genesis failed"));
    match(shortcomings(report), new RegExp(`another genesis than ${ID}, .*: miner-3 has ${OTHER}`));
    strictEqual(report.layers.to, 0);
  });

  it("fails for one wrong genesis on all nodes, which agree", async () => {
    const wrong = { genesisId: OTHER };
    const report = await new TodaysNetwork().smoke(30 * 60, 6, { 0: wrong, 1: wrong, 2: wrong });
    match(shortcomings(report), /miner-1, miner-2, miner-3 have f{40}/);
  });

  it("says which epoch a network waits for that got no first beacon, and passes once it has begun", async () => {
    const network = new TodaysNetwork();
    network.chain.hasBeacon = false;
    const early = await network.smoke(10 * 60, 6);
    const WAITS = "no node has a block yet: without a first beacon, blocks begin with epoch 3, at layer 24";
    match(shortcomings(early), new RegExp(`not past the effective genesis \\(layer 16\\): .*; ${WAITS}`));
    strictEqual(network.said.filter((line) => line === WAITS).length, 1);
    const later = new TodaysNetwork();
    later.chain.hasBeacon = false;
    deepStrictEqual(open(await later.smoke(10 * 60, 14)), []);
  });

  it("says of a node whose processed layer stands that it follows, but not that it is well", async () => {
    const network = new TodaysNetwork();
    const report = await network.smoke(40 * 60, 3, { 1: { knows: () => network.chain.frozenAt(20) } });
    deepStrictEqual(open(report), ["synced failed"]);
    match(shortcomings(report), /miner-2 not synced, though it follows \(verified \d+\)$/);
  });

  it("compares the roots of an earlier layer where the newest has no block", async () => {
    const network = new TodaysNetwork();
    for (const layer of [39, 40, 41, 42]) network.chain.empty.add(layer);
    const report = await network.smoke(40 * 60, 4);
    deepStrictEqual(open(report), []);
    match(report.checks.find(({ name }) => name === "state-roots")?.saw ?? "", /^at layer 3\d all nodes have/);
  });

  it("fails for two states, in whatever generation the nodes tell them", async () => {
    const root = () => "be".repeat(32);
    const report = await new TodaysNetwork().smoke(30 * 60, 4, { 2: { root, generations: ["v1"] } });
    match(shortcomings(report), /2 state roots at layer \d+: .* on miner-1, miner-2; b.* on miner-3/);
  });
});
