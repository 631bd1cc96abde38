import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { type Run, runWith } from "../../../infra/base/lib/run";
import type { NetworkFacts } from "../../../infra/base/model/network-facts";
import type { CheckName } from "../../../infra/deploy/smoke/checks";
import { type SmokeReport, shortcomings } from "../../../infra/deploy/smoke/report";
import { smokeTest } from "../../../infra/deploy/smoke/run";
import { type Listening, sendJson, serveHttp } from "../../../sandbox/chain/serve-http";
import { type Faults, writeFaults } from "../../../sandbox/kubernetes/faults";
import { ChainWorld } from "../../support/chain-world";

const NODES = [1, 2, 3, 4];
const COMMIT = "c0ffee".padEnd(40, "0");
const PHASES = { phaseShift: 1, cycleGap: 1 };

/** Four simulated nodes and a poet, with layers of a second. */
class SimulatedNetwork {
  private constructor(
    private readonly world: ChainWorld,
    private readonly poet: Listening,
    readonly facts: NetworkFacts,
  ) {}

  /** @param age seconds since genesis */
  static async make(faults: Faults, age: number): Promise<SimulatedNetwork> {
    const world = await ChainWorld.make(age);
    await writeFaults(world.folder, faults);
    const nodes = await Promise.all(NODES.map((number) => world.node(number)));
    const address = (nodes[0]?.address ?? "").replace(/\d+$/, "100");
    const poet = await serveHttp(address, 5000, (_, response) =>
      sendJson(response, 200, { servicePubkey: "", phaseShift: "1s", cycleGap: "1s" }),
    );
    return new SimulatedNetwork(world, poet, {
      tag: "v1.2.3+1",
      cluster: "v1-2-3-1",
      genesisTime: new Date(world.genesisTime).toISOString(),
      layerDuration: 1,
      layersPerEpoch: 2,
      netId: 7,
      nodes: nodes.map((node, i) => ({
        name: `miner-${i + 1}`,
        grpc: `${node.address}:6000`,
        json: `${node.address}:7000`,
      })),
      poets: [{ name: "poet-1", rest: `${address}:5000` }],
      nodeConfig: "{}",
    });
  }

  smoke(limitLayers: number, run: Run = runWith()): Promise<SmokeReport> {
    const versions = { node: { version: "v1.2.3+1", link: "https://github.com/spacemeshos/go-spacemesh" } };
    return smokeTest({ facts: this.facts, versions, poetPhases: PHASES, commit: COMMIT, limitLayers }, run);
  }

  async end(): Promise<void> {
    await this.poet.close();
    await this.world.end();
  }
}

/** Runs the smoke test on a network of its own. */
async function reportOf(faults: Faults, { age = 20, limit = 3 } = {}): Promise<SmokeReport> {
  const network = await SimulatedNetwork.make(faults, age);
  try {
    return await network.smoke(limit);
  } finally {
    await network.end();
  }
}

const open = ({ checks }: SmokeReport): Partial<Record<CheckName, string>> =>
  Object.fromEntries(checks.filter(({ status }) => status !== "passed").map(({ name, status }) => [name, status]));

describe("the smoke test on a simulated network", function () {
  this.timeout(30_000);

  it("passes a healthy network as soon as its layers rise", async () => {
    const report = await reportOf({}, { limit: 20 });
    deepStrictEqual([open(report), report.passed, report.tag], [{}, true, "v1.2.3+1"]);
    ok(report.layers.to - report.layers.from < 10, JSON.stringify(report.layers));
  });

  it("passes a network that is still before its genesis, once it is past the effective one", async () => {
    const report = await reportOf({}, { age: -1, limit: 20 });
    deepStrictEqual([open(report), report.layers.from], [{}, 0]);
    ok(report.layers.to > 4, `layer ${report.layers.to} is not past the effective genesis`);
  });

  it("fails for each fault by the check of its name", async () => {
    const [split, stall, deaf, otherGenesis] = await Promise.all([
      reportOf({ split: true }),
      reportOf({ stall: true }),
      reportOf({ deaf: ["miner-3"] }),
      reportOf({ otherGenesis: ["miner-4"] }),
    ]);
    strictEqual(open(split)["state-roots"], "failed");
    match(shortcomings(split), /2 state roots at layer \d+: \w+ on miner-1, miner-3; \w+ on miner-2, miner-4/);
    deepStrictEqual(open(stall), { "verified-layer": "failed" });
    match(shortcomings(stall), /the verified layer does not rise: miner-1 at \d+/);
    strictEqual(open(deaf).reachable, "failed");
    match(shortcomings(deaf), /1 of 4 nodes do not answer: miner-3 \(.*UNAVAILABLE/);
    strictEqual(open(otherGenesis).genesis, "failed");
    match(shortcomings(otherGenesis), /2 genesis ids: \w+ on miner-1, miner-2, miner-3; \w+ on miner-4/);
    for (const { passed } of [split, stall, deaf, otherGenesis]) strictEqual(passed, false);
  });

  it("ends at once when no later layer can help, and at the limit when one could", async () => {
    const [split, stall] = await Promise.all([
      reportOf({ split: true }, { limit: 20 }),
      reportOf({ stall: true }, { limit: 2 }),
    ]);
    ok(split.layers.to - split.layers.from <= 2, JSON.stringify(split.layers));
    ok(stall.layers.to - stall.layers.from >= 2, JSON.stringify(stall.layers));
  });

  it("says once a layer which checks are open, and ends when it is interrupted", async () => {
    const network = await SimulatedNetwork.make({ stall: true }, 20);
    try {
      const interrupt = new AbortController();
      const said: string[] = [];
      const say = (line: string) => {
        said.push(line);
        if (line.endsWith(": open: verified-layer")) interrupt.abort();
      };
      await rejects(network.smoke(1000, runWith({ say, signal: interrupt.signal })), { name: "AbortError" });
      match(said[0] ?? "", /^smoke test of v1\.2\.3\+1: layer 2\d, effective genesis 4, limit layer 10\d\d$/);
      strictEqual(new Set(said).size, said.length);
    } finally {
      await network.end();
    }
  });
});
