import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { effectiveGenesis, type NetworkFacts } from "../../infra/network-facts";
import type { SmokeReport } from "../../infra/smoke/report";
import { runSmoke } from "../../infra/smoke/run";
import { type Faults, writeFaults } from "../../sandbox/kubernetes/faults";
import { ChainWorld, type StartedNode, until } from "./chain-world";

const TAG = "v1.2.3+1";
const PHASES = { phaseShift: 2, cycleGap: 1 };

/** A simulated network of four nodes, with layers of a second and two of them an epoch, and a poet. */
class SmokeWorld {
  readonly said: string[] = [];

  private constructor(
    readonly chain: ChainWorld,
    readonly facts: NetworkFacts,
    readonly poet: Server,
  ) {}

  /** @param age seconds since genesis; negative before it. */
  static async make(age: number): Promise<SmokeWorld> {
    const chain = await ChainWorld.make(age);
    const nodes = await Promise.all([1, 2, 3, 4].map((number) => chain.node(number)));
    if (age > 0) await until("sync", () => nodes.every((node) => isSynced(node)));
    const poet = createServer((_, response) => {
      response.end(JSON.stringify({ servicePubkey: "a==", phaseShift: "2s", cycleGap: "1s" }));
    }).listen(0, "127.0.0.1");
    await once(poet, "listening");
    return new SmokeWorld(chain, factsOf(chain, nodes, poet), poet);
  }

  /** @param limitLayers how many layers after the effective genesis, or after now, the suite waits. */
  run(limitLayers: number): Promise<SmokeReport> {
    const expected = {
      tag: TAG,
      nodeVersion: TAG,
      effectiveGenesis: effectiveGenesis(this.facts),
      poetPhases: PHASES,
    };
    const say = (line: string) => this.said.push(line);
    return runSmoke({ facts: this.facts, expected, limitLayers, signal: new AbortController().signal, say });
  }

  /** The verb in a process of its own. */
  verb(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, ["--import", "tsx", "scripts/smoke.ts", ...args], {
      env: {
        ...process.env,
        NETWORK_FACTS: JSON.stringify(this.facts),
        MANIFEST: JSON.stringify({ node: { version: TAG } }),
        POET_PHASES: JSON.stringify(PHASES),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  fault(faults: Faults): Promise<void> {
    return writeFaults(this.chain.folder, faults);
  }

  async end(): Promise<void> {
    this.poet.closeAllConnections();
    this.poet.close();
    await this.chain.end();
  }
}

/** A node's log tells with every layer whether the node is synced. */
const isSynced = ({ log }: StartedNode): boolean => log.some((line) => line.includes('"is_synced":true'));

const factsOf = (chain: ChainWorld, nodes: readonly StartedNode[], poet: Server): NetworkFacts => ({
  tag: TAG,
  cluster: "v1-2-3-1",
  genesisTime: new Date(chain.genesisTime).toISOString(),
  layerDuration: 1,
  layersPerEpoch: 2,
  netId: 7,
  nodes: nodes.map(({ address }, i) => ({ name: `miner-${i + 1}`, grpc: `${address}:6000`, json: `${address}:7000` })),
  poets: [{ name: "poet-1", rest: `127.0.0.1:${(poet.address() as AddressInfo).port}` }],
  nodeConfig: "{}",
});

/** Names of the checks with another status than passed, and what one of them saw. */
const open = ({ checks }: SmokeReport) =>
  Object.fromEntries(checks.filter(({ status }) => status !== "passed").map(({ name, status }) => [name, status]));

const saw = ({ checks }: SmokeReport, check: string): string => checks.find(({ name }) => name === check)?.saw ?? "";

async function finished(child: ChildProcess) {
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, "exit") as Promise<[number]>,
    text(child.stdout ?? ""),
    text(child.stderr ?? ""),
  ]);
  return { exitCode, stdout, lastLine: stderr.trim().split("\n").at(-1) ?? "" };
}

describe("the smoke suite", function () {
  this.timeout(30_000);

  let world: SmokeWorld;
  before(async () => {
    world = await SmokeWorld.make(20);
  });
  after(() => world.end());
  afterEach(() => world.fault({}));

  it("passes on a healthy network as soon as it has seen it advance", async () => {
    const report = await world.run(10);
    deepStrictEqual(open(report), {});
    ok(report.layers.to - report.layers.from <= 3, `layers ${report.layers.from} to ${report.layers.to}`);
    match(saw(report, "state-roots"), /^at layer \d+ all nodes have state root [0-9a-f]{16}$/);
  });

  it("names the nodes of a split, at once", async () => {
    await world.fault({ split: true });
    const report = await world.run(10);
    strictEqual(open(report)["state-roots"], "failed");
    match(saw(report, "state-roots"), /2 state roots: .* on miner-1, miner-3; .* on miner-2, miner-4$/);
    ok(report.layers.to - report.layers.from <= 2, `layers ${report.layers.from} to ${report.layers.to}`);
  });

  it("names a node of another genesis, at once", async () => {
    await world.fault({ otherGenesis: ["miner-4"] });
    const report = await world.run(10);
    strictEqual(open(report).genesis, "failed");
    match(saw(report, "genesis"), /2 genesis ids: .* on miner-1, miner-2, miner-3; .* on miner-4$/);
    strictEqual(report.layers.to - report.layers.from <= 1, true);
  });

  it("fails when the verified layer stands still until the limit", async () => {
    await world.fault({ stall: true });
    const report = await world.run(2);
    deepStrictEqual(open(report), { "verified-layer": "failed" });
    match(saw(report, "verified-layer"), /^the verified layer does not rise: miner-1 at \d+, miner-2 at \d+/);
  });

  it("fails for a deaf node, and makes no check of the network without it", async () => {
    await world.fault({ deaf: ["miner-3"] });
    const report = await world.run(2);
    strictEqual(open(report).reachable, "failed");
    match(saw(report, "reachable"), /^1 of 4 nodes do not answer: miner-3 \(127\.240\.\d+\.3:6000 .*ECONNREFUSED/);
    deepStrictEqual([open(report).synced, open(report)["state-roots"]], ["unmade", "unmade"]);
  });

  it("fails for a node that does not sync", async () => {
    await world.fault({ lateSync: ["miner-2"] });
    const report = await world.run(1);
    strictEqual(open(report).synced, "failed");
    strictEqual(saw(report, "synced"), "not all nodes are synced: miner-2 not synced");
  });

  it("waits for genesis, and then until layers after the effective genesis are verified", async () => {
    const young = await SmokeWorld.make(-2);
    try {
      const report = await young.run(10);
      deepStrictEqual(open(report), {});
      match(young.said.join("\n"), /waiting \d s for genesis at /);
      strictEqual(report.layers.from, 0);
      ok(report.layers.to > effectiveGenesis(young.facts), `until layer ${report.layers.to}`);
    } finally {
      await young.end();
    }
  });

  it("looks before genesis already, and does not wait for a network that is wrong", async () => {
    const young = await SmokeWorld.make(-300);
    try {
      await young.fault({ otherGenesis: ["miner-1"] });
      const report = await young.run(10);
      strictEqual(open(report).genesis, "failed");
      strictEqual(report.layers.to, 0);
    } finally {
      await young.end();
    }
  });

  it("prints one JSON document and exits with 0 when it passes", async () => {
    const { exitCode, stdout } = await finished(world.verb([TAG, "--json"]));
    strictEqual(exitCode, 0);
    const { schema, tag, passed } = JSON.parse(stdout) as SmokeReport;
    deepStrictEqual({ schema, tag, passed }, { schema: 1, tag: TAG, passed: true });
  });

  it("exits with 1 and names what failed in its last line", async () => {
    const environment = { POET_PHASES: JSON.stringify({ phaseShift: 3, cycleGap: 1 }) };
    const { exitCode, stdout, lastLine } = await finished(world.verb([TAG, "--limit-layers", "2"], environment));
    strictEqual(exitCode, 1);
    match(stdout, /^FAIL poets .*poet-1 \(phase shift 2 s and cycle gap 1 s, not 3 and 1\)$/m);
    match(lastLine, /^error: the smoke test of v1\.2\.3\+1 did not pass: poets failed: not as configured: poet-1/);
  });

  it("exits with 2 when it is asked for a network that the facts are not of", async () => {
    const { exitCode, stdout, lastLine } = await finished(world.verb(["v1.2.3+2"]));
    deepStrictEqual({ exitCode, stdout }, { exitCode: 2, stdout: "" });
    match(lastLine, /v1\.2\.3\+1, not of v1\.2\.3\+2$/);
  });

  it("ends when it is told to", async () => {
    await world.fault({ stall: true });
    const child = world.verb([TAG, "--limit-layers", "1000"]);
    const ended = finished(child);
    child.stderr?.once("data", () => child.kill("SIGTERM"));
    deepStrictEqual(await ended, {
      exitCode: 130,
      stdout: "",
      lastLine: "interrupted: what is done is kept, run it again to go on",
    });
  });
});
