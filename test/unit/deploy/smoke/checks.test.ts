import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import type { AnsweredSample, NodeSample, SilentSample } from "../../../../infra/base/model/sample";
import { type Check, type CheckName, isFinal, judge } from "../../../../infra/deploy/smoke/checks";
import type { Expectation, Observation } from "../../../../infra/deploy/smoke/observation";
import { renderReport, shortcomings } from "../../../../infra/deploy/smoke/report";
import { startsOf } from "../../../../infra/deploy/smoke/run";

const GENESIS = "9eebff023abb17ccb775c602daade8ed708f0a50";

const EXPECTED: Expectation = {
  tag: "v1.2.3+1",
  nodeVersion: "v1.2.3+1",
  commit: "c0ffee".padEnd(40, "0"),
  effectiveGenesis: 8,
  layersPerEpoch: 4,
  layerDuration: 60,
  poetPhases: { phaseShift: 20, cycleGap: 30 },
};

/** What the smoke test saw of a network of four nodes and a poet; healthy until something is done to it. */
class World {
  private readonly first: NodeSample[] = [];
  private readonly last = new Map<string, NodeSample>();
  private readonly roots = new Map<string, { said: string } | { error: string }>();
  private poets: Observation["poets"] = [];
  private comparedAt: number | undefined = 12;

  constructor() {
    for (const name of ["miner-1", "miner-2", "miner-3", "miner-4"]) {
      this.first.push(answerAt(name, 12));
      this.last.set(name, answerAt(name, 14));
      this.roots.set(name, { said: "aa".repeat(32) });
    }
    this.poets = [{ name: "poet-1", info: { said: { kind: "phases", phaseShift: 20, cycleGap: 30 } } }];
  }

  /** Changes a node's newest sample. @param others top layer of the other nodes */
  reports(name: string, change: Partial<AnsweredSample>, others = 14): this {
    for (const node of this.last.keys()) this.last.set(node, answerAt(node, others));
    this.last.set(name, { ...answerAt(name, 14), syncedLayer: change.topLayer ?? 14, ...change });
    return this;
  }

  /** Changes a node's newest sample alone. */
  changes(name: string, change: Partial<AnsweredSample>): this {
    this.last.set(name, { ...answerAt(name, 14), ...change });
    return this;
  }

  /** A node that no longer answers. */
  silent(name: string): this {
    this.last.set(name, silence(name));
    this.roots.set(name, { error: "UNAVAILABLE" });
    return this;
  }

  root(name: string, root: { said: string } | { error: string }): this {
    this.roots.set(name, root);
    return this;
  }

  poet(info: Observation["poets"][number]["info"] | undefined): this {
    this.poets = info ? [{ name: "poet-1", info }] : [];
    return this;
  }

  /** No layer is verified by all nodes yet. */
  withoutRoots(): this {
    this.comparedAt = undefined;
    return this;
  }

  seen(): Observation {
    const roots = this.comparedAt && {
      layer: this.comparedAt,
      nodes: [...this.roots].map(([name, root]) => ({ name, root })),
    };
    return { first: this.first, last: [...this.last.values()], poets: this.poets, ...(roots ? { roots } : {}) };
  }
}

const AT = "2026-01-01T00:00:00Z";

/** The sample of a healthy node at a layer of the clock. */
const answerAt = (node: string, topLayer: number): AnsweredSample => ({
  node,
  at: AT,
  reachable: true,
  version: "v1.2.3+1",
  genesisId: GENESIS,
  connectedPeers: 3,
  synced: true,
  syncedLayer: topLayer,
  topLayer,
  verifiedLayer: topLayer - 2,
});

const silence = (node: string): SilentSample => ({ node, at: AT, reachable: false, error: "UNAVAILABLE" });

const open = (world: World, expected = EXPECTED): Check[] =>
  judge(world.seen(), expected).filter(({ status }) => status !== "passed");

/** Status by name of the checks that did not pass. */
const openStatus = (world: World, expected?: Expectation): Partial<Record<CheckName, Check["status"]>> =>
  Object.fromEntries(open(world, expected).map(({ name, status }) => [name, status]));

describe("smoke test", () => {
  it("passes every check of a healthy network", () => {
    const checks = judge(new World().seen(), EXPECTED);
    strictEqual(checks.length, 9);
    deepStrictEqual(new Set(checks.map(({ status }) => status)), new Set(["passed"]));
  });

  const UNMADE_FOR_A_SILENT_NODE = {
    genesis: "unmade",
    versions: "unmade",
    peers: "unmade",
    synced: "unmade",
    layers: "unmade",
    "verified-layer": "unmade",
    "state-roots": "unmade",
  } as const;

  const faults: [string, World, ReturnType<typeof openStatus>, RegExp][] = [
    [
      "a silent node, and passes no check over nodes without it",
      new World().silent("miner-3"),
      { reachable: "failed", ...UNMADE_FOR_A_SILENT_NODE },
      /1 of 4 nodes do not answer: miner-3 \(UNAVAILABLE\)/,
    ],
    [
      "a node of another genesis",
      new World().reports("miner-4", { genesisId: "ffff" }),
      { genesis: "failed" },
      /2 genesis ids: 9eebff023abb17cc on miner-1, miner-2, miner-3; ffff on miner-4/,
    ],
    [
      "a node that has verified a layer to come, though it is still before the effective genesis",
      new World().reports("miner-3", { verifiedLayer: 6, syncedLayer: 7, topLayer: 0 }, 0),
      { layers: "failed", "verified-layer": "failed" },
      /miner-3 has verified layer 6 at layer 0/,
    ],
    [
      "a node of another version",
      new World().reports("miner-2", { version: "v1.2.3+2" }),
      { versions: "failed" },
      /not all nodes have version v1\.2\.3\+1: miner-2 v1\.2\.3\+2/,
    ],
    [
      "a node that is built from another commit than the deployed one",
      new World().reports("miner-2", { build: "bad0bad" }),
      { versions: "failed" },
      /not all nodes are built from the deployed commit c0ffee0{34}: miner-2 from bad0bad$/,
    ],
    [
      "a node without peers",
      new World().reports("miner-1", { connectedPeers: 0 }),
      { peers: "failed" },
      /miner-1 0 peers/,
    ],
    [
      "a node that is not synced, and says that it follows all the same",
      new World().reports("miner-1", { synced: false }),
      { synced: "failed" },
      /miner-1 not synced, though it follows \(verified 12\)$/,
    ],
    [
      "a node that is not synced and does not follow",
      new World().reports("miner-1", { synced: false, syncedLayer: 11, verifiedLayer: 9 }),
      { synced: "failed", "verified-layer": "failed" },
      /miner-1 not synced;/,
    ],
    [
      "a node whose top layer does not rise",
      new World().reports("miner-3", { topLayer: 12 }, 13),
      { layers: "failed" },
      /the top layer does not rise: miner-3 at 12/,
    ],
    [
      "a node whose clock is far from the others'",
      new World().reports("miner-3", { topLayer: 1014, verifiedLayer: 1012 }),
      { layers: "failed" },
      /miner-3 is at layer 1014, the network at 14/,
    ],
    [
      "a node that has verified layers to come",
      new World().reports("miner-3", { verifiedLayer: 40 }),
      { layers: "failed" },
      /miner-3 has verified layer 40 at layer 14/,
    ],
    [
      "a node that is synced to layers to come",
      new World().reports("miner-3", { syncedLayer: 40 }),
      { synced: "failed" },
      /miner-3 is synced to layer 40 at layer 14/,
    ],
    [
      "a node whose verified layer goes back",
      new World().reports("miner-3", { verifiedLayer: 9 }),
      { "verified-layer": "failed" },
      /the verified layer goes back: miner-3 from 10 to 9/,
    ],
    [
      "a node that verified nothing after the effective genesis",
      new World().reports("miner-2", { verifiedLayer: 8 }),
      { "verified-layer": "failed" },
      /not past the effective genesis \(layer 8\): miner-2 at 8/,
    ],
    [
      "a node whose verified layer does not rise",
      new World().reports("miner-2", { verifiedLayer: 10 }),
      { "verified-layer": "failed" },
      /the verified layer does not rise: miner-2 at 10/,
    ],
    [
      "nodes that disagree on the state",
      new World().root("miner-2", { said: "bb".repeat(32) }).root("miner-4", { said: "bb".repeat(32) }),
      { "state-roots": "failed" },
      /2 state roots at layer 12: a{16} on miner-1, miner-3; b{16} on miner-2, miner-4/,
    ],
    [
      "a poet with other phases",
      new World().poet({ said: { kind: "phases", phaseShift: 20, cycleGap: 31 } }),
      { poets: "failed" },
      /poet-1 \(phase shift 20 s and cycle gap 31 s, not 20 and 30\)/,
    ],
    ["a poet that is silent", new World().poet({ error: "ECONNREFUSED" }), { poets: "failed" }, /poet-1 \(ECONNREF/],
  ];
  for (const [what, world, statuses, saw] of faults) {
    it(`fails for ${what}`, () => {
      deepStrictEqual(openStatus(world), statuses);
      match(shortcomings({ checks: open(world) }), saw);
    });
  }

  const gaps: [string, World, CheckName][] = [
    ["a state root that one node does not report", new World().root("miner-2", { error: "DEADLINE" }), "state-roots"],
    ["a state root that is empty", new World().root("miner-2", { said: "" }), "state-roots"],
    ["state roots before any layer is verified by all", new World().withoutRoots(), "state-roots"],
    ["poets that are not known", new World().poet(undefined), "poets"],
  ];
  for (const [what, world, check] of gaps) {
    it(`does not pass ${what}`, () => deepStrictEqual(openStatus(world), { [check]: "unmade" }));
  }

  it("fails for two state roots, even when another node reports none", () => {
    const world = new World().root("miner-1", { error: "DEADLINE" }).root("miner-2", { said: "bb".repeat(32) });
    deepStrictEqual(openStatus(world), { "state-roots": "failed" });
  });

  it("passes no check over nodes when no node is known", () => {
    const checks = judge({ first: [], last: [], poets: [] }, EXPECTED);
    deepStrictEqual(new Set(checks.map(({ status }) => status)), new Set(["unmade"]));
  });

  it("accepts an open round from a poet of 2021, which reports no phases", () => {
    const world = new World().poet({ said: { kind: "rounds", openRound: "3", executing: [] } });
    deepStrictEqual(openStatus(world), {});
  });

  it("accepts any phases when none are configured", () => {
    const world = new World().poet({ said: { kind: "phases", phaseShift: 1, cycleGap: 2 } });
    const { poetPhases: _, ...anyPhases } = EXPECTED;
    deepStrictEqual(openStatus(world, anyPhases), {});
  });

  it("waits for what may still pass, and gives up on what cannot", () => {
    const final = (world: World) =>
      open(world)
        .filter(isFinal)
        .map(({ name }) => name);
    deepStrictEqual(final(new World().silent("miner-3")), []);
    deepStrictEqual(final(new World().reports("miner-1", { synced: false, topLayer: 12 })), []);
    deepStrictEqual(final(new World().reports("miner-1", { genesisId: "ff", version: "v0.0.1+1" })), [
      "genesis",
      "versions",
    ]);
    deepStrictEqual(final(new World().root("miner-1", { said: "cc" })), ["state-roots"]);
  });
});

describe("smoke test of today's nodes", () => {
  const OWN: Expectation = { ...EXPECTED, genesisId: GENESIS, needsBeacon: true };
  const all = (change: Partial<AnsweredSample>): World => {
    const world = new World();
    for (const name of ["miner-1", "miner-2", "miner-3", "miner-4"]) world.changes(name, change);
    return world;
  };

  it("holds each node to the genesis id that its driver computed", () => {
    deepStrictEqual(openStatus(new World(), OWN), {});
    const one = new World().reports("miner-4", { genesisId: "ffff" });
    deepStrictEqual(openStatus(one, OWN), { genesis: "failed" });
    const saw = `another genesis than ${GENESIS}, as computed from the config: miner-4 has ffff`;
    strictEqual(open(one, OWN)[0]?.saw, saw);
    match(open(all({ genesisId: "ffff" }), OWN)[0]?.saw ?? "", /miner-1, miner-2, miner-3, miner-4 have ffff$/);
    strictEqual(open(one, OWN).filter(isFinal).length, 1);
  });

  it("takes what they say before the effective genesis, and proves nothing by it", () => {
    const early = all({ topLayer: 0, syncedLayer: 7, verifiedLayer: 7 });
    deepStrictEqual(openStatus(early, OWN), { layers: "failed", "verified-layer": "failed" });
    const saw = shortcomings({ checks: open(early, OWN) });
    match(saw, /the top layer does not rise: miner-1 at 0/);
    match(saw, /not past the effective genesis \(layer 8\): miner-1 at 7/);
  });

  it("says which epoch a network waits for that got no first beacon, and only as long as it may", () => {
    const saw = (topLayer: number, expected = OWN) =>
      shortcomings({ checks: open(all({ topLayer, syncedLayer: topLayer, verifiedLayer: 7 }), expected) });
    const WAITS = /no node has a block yet: without a first beacon, blocks begin with epoch 3, at layer 12/;
    for (const top of [13, 14, 15, 16]) match(saw(top), WAITS);
    for (const top of [8, 12, 17]) doesNotMatch(saw(top), WAITS);
    doesNotMatch(saw(14, EXPECTED), WAITS);
    const some = new World().reports("miner-1", { verifiedLayer: 7 });
    doesNotMatch(shortcomings({ checks: open(some, OWN) }), WAITS);
  });
});

describe("comparison of two samples", () => {
  const synced = answerAt("miner-1", 14);
  const syncing = (topLayer: number): NodeSample => ({ ...answerAt("miner-1", topLayer), synced: false });
  const silent = silence("miner-1");

  const cases: [string, NodeSample, NodeSample, "first" | "last"][] = [
    ["starts with the first answer", silent, syncing(12), "last"],
    ["stays there while the node syncs", syncing(12), syncing(13), "first"],
    ["starts again when the node is synced", syncing(12), synced, "last"],
    ["stays there when the node is no longer synced", synced, syncing(15), "first"],
    ["stays there when the node is silent", syncing(12), silent, "first"],
    ["takes no node's word before the effective genesis", answerAt("miner-1", 7), answerAt("miner-1", 8), "last"],
    ["stays at the first answer until then", answerAt("miner-1", 0), answerAt("miner-1", 7), "first"],
  ];
  for (const [behaviour, first, last, expected] of cases) {
    it(behaviour, () => deepStrictEqual(startsOf([first], [last], EXPECTED), [{ first, last }[expected]]));
  }
});

describe("smoke report", () => {
  const reportOf = (world: World) => {
    const checks = judge(world.seen(), EXPECTED);
    const passed = checks.every(({ status }) => status === "passed");
    const at = "2026-01-01T00:00:00Z";
    return {
      schema: 1,
      tag: "v1.2.3+1",
      startedAt: at,
      finishedAt: at,
      layers: { from: 9, to: 14 },
      checks,
      passed,
    } as const;
  };

  it("shows each check on a line, and the verdict last", () => {
    const lines = renderReport(reportOf(new World().silent("miner-3"))).split("\n");
    strictEqual(lines.length, 10);
    strictEqual(lines[0], "FAIL reachable       1 of 4 nodes do not answer: miner-3 (UNAVAILABLE)");
    match(lines[4] ?? "", /^\?\?\?\? synced {10}all nodes are synced, but the check could not run for miner-3$/);
    strictEqual(lines[8], "ok   poets           1 of 1 poets answer");
    strictEqual(lines[9], "smoke test of v1.2.3+1 did not pass: 1 of 9 checks, layers 9 to 14");
  });

  it("says of a healthy network that it passed", () => {
    match(renderReport(reportOf(new World())), /\nsmoke test of v1\.2\.3\+1 passed: 9 of 9 checks, layers 9 to 14$/);
    strictEqual(shortcomings(reportOf(new World())), "");
  });

  it("puts all shortcomings into one line", () => {
    const world = new World().reports("miner-1", { connectedPeers: 0, synced: false });
    strictEqual(
      shortcomings(reportOf(world)),
      "peers failed: not all nodes have peers: miner-1 0 peers; " +
        "synced failed: not all nodes are synced: miner-1 not synced, though it follows (verified 12)",
    );
  });
});
