import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { layerStart } from "../../../sandbox/chain/clock";
import { type FaultHistory, recordFaults } from "../../../sandbox/chain/fault-history";
import type { NodeConfig } from "../../../sandbox/chain/node/node-config";
import { type NodeState, nodeState, rootAt } from "../../../sandbox/chain/node/node-state";
import type { Faults } from "../../../sandbox/kubernetes/faults";

const genesisText = "2024-05-01T12:00:00Z";
const config: NodeConfig = {
  genesisText,
  genesisTime: Date.parse(genesisText),
  layerDuration: 10,
  layersPerEpoch: 4,
  extraData: "17",
  maxTransactionsPerSecond: 10,
};

/** Start of a layer, which may be fractional. */
const at = (layer: number) => layerStart(config, layer);

/** A history of faults that change at the given layers. */
const history = (...periods: readonly (readonly [layer: number, faults: Faults])[]): FaultHistory =>
  periods.map(([layer, faults]) => ({ since: at(layer), faults }));

/** State of a node at the start of a layer. The node started before genesis. */
const state = (layer: number, faults: FaultHistory = [], name = "miner-1"): NodeState =>
  nodeState(config, faults, { name, startedAt: at(-10) }, at(layer));

describe("nodeState in a healthy network", () => {
  it("is synced at layer 0 before genesis", () => {
    const { isSynced, topLayer, verifiedLayer } = state(-5);
    deepStrictEqual({ isSynced, topLayer, verifiedLayer }, { isSynced: true, topLayer: 0, verifiedLayer: 0 });
  });

  it("verifies the clock's layer in the genesis epochs, and two layers less afterwards", () => {
    deepStrictEqual(
      [3, 7, 8, 9, 10, 50].map((layer) => state(layer).verifiedLayer),
      [3, 7, 7, 7, 8, 48],
    );
  });

  it("syncs fifty layers per second when the node starts late", () => {
    const member = { name: "miner-9", startedAt: at(200) };
    const early = nodeState(config, [], member, at(200) + 1000);
    deepStrictEqual([early.isSynced, early.syncedLayer, early.verifiedLayer], [false, 50, 50]);
    ok(nodeState(config, [], member, at(200) + 4000).isSynced);
  });

  it("has the same state root on all nodes, and another one after every layer", () => {
    const [one, two] = [state(20), state(20, [], "miner-2")];
    deepStrictEqual(rootAt(config, one, 18), rootAt(config, two, 18));
    notDeepStrictEqual(rootAt(config, one, 18), rootAt(config, one, 17));
  });
});

describe("the fault stall", () => {
  const stalled = history([20, { stall: true }]);

  it("stops the verified layer while the clock continues", () => {
    const { topLayer, verifiedLayer, isSynced } = state(40, stalled);
    deepStrictEqual({ topLayer, verifiedLayer, isSynced }, { topLayer: 40, verifiedLayer: 18, isSynced: true });
  });

  it("lets the network catch up with the clock after it is lifted", () => {
    const lifted = [...stalled, ...history([40, {}])];
    const [soon, later] = [state(40.5, lifted).verifiedLayer, state(42, lifted).verifiedLayer];
    ok(soon > 18 && soon < 38, `${soon} is on the way`);
    strictEqual(later, 40);
  });
});

describe("the fault slow", () => {
  it("makes the network verify one layer in the time of several", () => {
    strictEqual(state(50, history([20, { slow: 3 }])).verifiedLayer, 28);
  });
});

describe("the fault split", () => {
  const split = history([20, { split: true }]);

  it("gives nodes with even numbers another root, beginning with the layer verified at that time", () => {
    const roots = (layer: number) => [1, 2, 3].map((i) => rootAt(config, state(30, split, `miner-${i}`), layer));
    const [one, two, three] = roots(25);
    deepStrictEqual(one, three);
    notDeepStrictEqual(one, two);
    notDeepStrictEqual(roots(18)[0], roots(18)[1]);
    deepStrictEqual(roots(17)[0], roots(17)[1]);
  });

  it("ends with equal roots when it is lifted", () => {
    const healed = [...split, ...history([25, {}])];
    const [one, two] = [state(30, healed), state(30, healed, "miner-2")];
    deepStrictEqual(rootAt(config, one, 22), rootAt(config, two, 22));
  });
});

describe("the faults lateSync and otherGenesis", () => {
  it("keep only the named node at layer 0 until lateSync is lifted", () => {
    const late = history([20, { lateSync: ["miner-2"] }]);
    const { isSynced, syncedLayer, verifiedLayer } = state(30, late, "miner-2");
    deepStrictEqual({ isSynced, syncedLayer, verifiedLayer }, { isSynced: false, syncedLayer: 0, verifiedLayer: 0 });
    ok(state(30, late).isSynced);
    ok(state(31, [...late, ...history([30, {}])], "miner-2").isSynced);
  });

  it("give the named node another genesis and another state", () => {
    const other = history([0, { otherGenesis: ["miner-2"] }]);
    const [one, two] = [state(20, other), state(20, other, "miner-2")];
    notDeepStrictEqual(one.genesisId, two.genesisId);
    notDeepStrictEqual(rootAt(config, one, 18), rootAt(config, two, 18));
  });
});

describe("the verified layer under any sequence of faults", () => {
  const anyFaults: fc.Arbitrary<Faults> = fc.oneof(
    fc.constant({}),
    fc.constant({ stall: true }),
    fc.constant({ split: true }),
    fc.integer({ min: 2, max: 9 }).map((slow) => ({ slow })),
  );
  const anyHistory = fc
    .array(fc.tuple(fc.integer({ min: -5, max: 100 }), anyFaults), { maxLength: 6 })
    .map((periods) => periods.sort(([a], [b]) => a - b))
    .map((periods) => periods.reduce<FaultHistory>((all, [layer, f]) => recordFaults(all, f, at(layer)), []));

  it("never decreases and never passes the clock", () => {
    fc.assert(
      fc.property(anyHistory, (faults) => {
        let before = 0;
        for (let layer = -5; layer <= 110; layer += 0.5) {
          const { verifiedLayer, topLayer } = state(layer, faults);
          ok(verifiedLayer >= before && verifiedLayer <= topLayer);
          before = verifiedLayer;
        }
      }),
    );
  });
});

describe("recordFaults", () => {
  it("adds a period only when the faults change", () => {
    const first = recordFaults([], {}, 1);
    deepStrictEqual(first, []);
    const stalled = recordFaults(first, { stall: true }, 2);
    strictEqual(recordFaults(stalled, { stall: true }, 3), stalled);
    deepStrictEqual(recordFaults(stalled, {}, 4), [
      { since: 2, faults: { stall: true } },
      { since: 4, faults: {} },
    ]);
  });
});
