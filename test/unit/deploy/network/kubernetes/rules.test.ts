import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { UserError } from "../../../../../infra/base/lib/errors";
import { configText } from "../../../../../infra/deploy/network/kubernetes/config-text";
import { nodeConfigOf } from "../../../../../infra/deploy/network/kubernetes/node-config";
import { networkNumbers } from "../../../../../infra/deploy/network/kubernetes/numbers";
import { presetOf } from "../../../../../infra/deploy/network/kubernetes/presets";
import { brokenOf, brokenRules, checkNumbers, lateStart } from "../../../../../infra/deploy/network/kubernetes/rules";
import type { KubernetesNetworkSpec } from "../../../../../infra/deploy/network/kubernetes/spec";
import { nodeRefusal } from "../../../../../sandbox/chain/today/node-rules";
import { nodeTroubles } from "../../../../../sandbox/chain/today/node-troubles";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";

const STEST = "stest1qqqqqqx3pllnhamat3a4kmwexd39kkgst7p52jqjwx5wl";
const MAINNET = "sm1qqqqqq99r0r6nrkfyglxgpgvp6nun88xre08k4sz2gk45";

const rules = (spec: KubernetesNetworkSpec) => brokenOf(spec).map(({ rule }) => rule);

/** A spec whose keys are not all those that settings allow. */
const changed = (changes: Partial<KubernetesNetworkSpec>, settings: Record<string, unknown> = {}) => ({
  ...kubernetesSpec(settings),
  ...changes,
});

const nodeConfig = (config: Record<string, Record<string, unknown>>) => kubernetesSpec({ nodeConfig: config });

/** Wrong combinations: what is wrong, the spec, and the only rule that it breaks. */
const WRONG: readonly [string, KubernetesNetworkSpec, string][] = [
  ["hare that ends after zdist", nodeConfig({ hare3: { "round-duration": "700ms" } }), "hare"],
  ["a preround that takes zdist", nodeConfig({ hare3: { "preround-delay": "9s" } }), "hare"],
  [
    "zdist of one layer",
    nodeConfig({ tortoise: { "tortoise-zdist": 1 }, hare3: { "round-duration": "300ms" } }),
    "hare",
  ],
  [
    "hare with too many iterations",
    nodeConfig({ hare3: { "iterations-limit": 8, "round-duration": "200ms" } }),
    "hare",
  ],
  ["a beacon of an epoch", nodeConfig({ beacon: { "beacon-first-voting-round-duration": "26s" } }), "beacon"],
  ["a beacon of too many rounds", nodeConfig({ beacon: { "beacon-rounds-number": 8, ...votes("4s") } }), "beacon"],
  ["a phase shift of an epoch", changed({ poetPhases: { phaseShift: 40, cycleGap: 15 } }), "phase-shift"],
  ["a cycle gap of an epoch", changed({ poetPhases: { phaseShift: 15, cycleGap: 40 } }), "cycle-gap"],
  ["a gap that no proof fits into", kubernetesSpec({ poetCycleGap: 4 }), "proof"],
  ["another phase shift in nodes", nodeConfig({ poet: { "phase-shift": "16s" } }), "poet-phases"],
  ["another cycle gap in nodes", nodeConfig({ poet: { "cycle-gap": "14s" } }), "poet-phases"],
  ["a grace period of the phase shift", nodeConfig({ poet: { "grace-period": "15s" } }), "grace"],
  ["no grace period", nodeConfig({ poet: { "grace-period": "0s" } }), "grace"],
  ["no phase shift", kubernetesSpec({ poetPhaseShift: 0 }), "grace"],
  ["a long search", nodeConfig({ poet: { "positioning-atx-selection-timeout": "8s" } }), "positioning"],
  ["ATXs at the end of an epoch", kubernetesSpec({ poetPhaseShift: 39, poetCycleGap: 5 }), "grade"],
  ["a grade delay of minutes", nodeConfig({ main: { "atx-grade-delay": "30m" } }), "grade"],
  ["slow synchronisation", nodeConfig({ syncer: { interval: "5s" } }), "sync-interval"],
  ["long gossip", nodeConfig({ syncer: { gossipduration: "2500ms" } }), "gossip"],
  ["votes tallied by quarters", nodeConfig({ syncer: { tallyvotesfrequency: 0.25 } }), "tally"],
  ["few requests for epochs", nodeConfig({ fetch: { servers: { "ax/1": { requests: 1 } } } }), "requests"],
  ["a layer without a unit", nodeConfig({ main: { "layer-duration": "5" } }), "layer-duration"],
  ["a layer as a number", nodeConfig({ main: { "layer-duration": 5 } }), "layer-duration"],
  ["a round that is no duration", nodeConfig({ hare3: { "round-duration": "fast" } }), "duration"],
  ["an epoch of 41.6 s", nodeConfig({ main: { "layer-duration": "5200ms" } }), "epoch"],
  ["another clock in nodes", nodeConfig({ main: { "layers-per-epoch": 9 } }), "clock"],
  ["genesis within a second", nodeConfig({ genesis: { "genesis-time": "2026-01-01T00:00:00.5Z" } }), "genesis-time"],
  ["another genesis time", nodeConfig({ genesis: { "genesis-time": "2026-01-01T00:00:01Z" } }), "genesis-time"],
  ["no extra data", nodeConfig({ genesis: { "genesis-extra-data": "" } }), "extra-data"],
  ["long extra data", nodeConfig({ genesis: { "genesis-extra-data": "x".repeat(256) } }), "extra-data"],
  ["another prefix in nodes", nodeConfig({ main: { "network-hrp": "sm" } }), "hrp"],
  ["mainnet's coinbase", kubernetesSpec({ coinbase: MAINNET }), "addresses"],
  ["mainnet's account", kubernetesSpec({ accounts: { [MAINNET]: 1 } }), "addresses"],
  ["an account with a typing error", kubernetesSpec({ accounts: { [STEST.replace("x3p", "x3q")]: 1 } }), "addresses"],
  ["too great a balance", kubernetesSpec({ accounts: { [STEST]: "9223372036854775808" } }), "balances"],
  ["more smeshers than nodes", kubernetesSpec({ smeshers: 5 }), "smeshers"],
  ["no smesher", changedKubernetes({ smeshers: 0 }), "smeshers"],
  ["no poet", changed({ poets: 0 }), "poets"],
  ["no poet in nodes", nodeConfig({ main: { "poet-servers": [] } }), "poets"],
  ["more peers than others", nodeConfig({ p2p: { "min-peers": 4 } }), "peers"],
  ["one node alone", changed({ miners: 1, kubernetes: { ...kubernetesSpec().kubernetes, smeshers: 1 } }), "peers"],
  ["more boot nodes than nodes", changed({ bootnodes: 5 }), "bootnodes"],
  ["no boot node", nodeConfig({ p2p: { bootnodes: [] } }), "bootnodes"],
  ["a network that dials no pods", nodeConfig({ p2p: { "p2p-private-network": false } }), "private-network"],
  ["no hare", nodeConfig({ hare3: { enable: false } }), "hare-enabled"],
  ["hare from a late layer", nodeConfig({ hare3: { "enable-layer": 7366 } }), "hare-enabled"],
  ["nodes on their own", nodeConfig({ main: { standalone: true } }), "standalone"],
  ["half a peer", nodeConfig({ p2p: { "min-peers": 0.5 } }), "count"],
  ["an unknown preset", changedKubernetes({ preset: "mainnet" }), "preset"],
];

function votes(duration: string) {
  return { "beacon-voting-round-duration": duration, "beacon-weak-coin-round-duration": duration };
}

function changedKubernetes(changes: Partial<KubernetesNetworkSpec["kubernetes"]>): KubernetesNetworkSpec {
  const spec = kubernetesSpec();
  return { ...spec, kubernetes: { ...spec.kubernetes, ...changes } };
}

describe("checkNumbers", () => {
  for (const [what, spec, rule] of WRONG) {
    it(`refuses ${what}, by the rule ${rule} alone`, () => {
      deepStrictEqual(rules(spec), [rule]);
      const [broken] = brokenOf(spec);
      match(broken?.numbers ?? "", /\.$/);
      match(broken?.fix ?? "", /\.$/);
    });
  }

  it("names every broken rule in one error, with its numbers and what to do", () => {
    throws(
      () => checkNumbers(kubernetesSpec({ poetCycleGap: 4, smeshers: 5 })),
      (error: unknown) => {
        ok(error instanceof UserError);
        strictEqual(error.code, "NumbersWrong");
        strictEqual(error.exitCode, 2);
        match(error.message, /\(smeshers\) 5 of 4 nodes smesh\. Set smeshers to a number from 1 to 4\./);
        match(error.message, /\(proof\) The poets pause for 4 s, but a proof of space takes up to 5 s\./);
        return true;
      },
    );
  });

  it("passes what was run with real nodes, and the project's defaults", () => {
    checkNumbers(kubernetesSpec());
    checkNumbers(kubernetesSpec({ layerDuration: 2, layersPerEpoch: 10, poetPhaseShift: 8, poetCycleGap: 8 }));
    const defaults = { layerDuration: 300, layersPerEpoch: 288, poetPhaseShift: 61200, poetCycleGap: 7200 };
    checkNumbers(kubernetesSpec({ ...defaults, miners: 25, bootnodes: 3, poets: 2, genesisDelay: 10 }));
  });

  it("passes accounts and a coinbase of the network, up to the greatest balance", () => {
    checkNumbers(kubernetesSpec({ coinbase: STEST, accounts: { [STEST]: "9223372036854775807" } }));
  });

  /** Settings that make sense together: what a proof needs is there, and phases fit into an epoch. */
  const sane = fc
    .record({
      preset: fc.constantFrom("fastnet", "standalone", "testnet"),
      layerDuration: fc.integer({ min: 1, max: 300 }),
      layersPerEpoch: fc.integer({ min: 8, max: 288 }),
      miners: fc.integer({ min: 2, max: 500 }),
      poets: fc.integer({ min: 1, max: 20 }),
      genesisDelay: fc.integer({ min: 1, max: 60 }),
      gap: fc.double({ min: 0, max: 0.3, noNaN: true }),
    })
    .map(({ gap, ...settings }) => {
      const epoch = settings.layerDuration * settings.layersPerEpoch;
      const poetCycleGap = Math.max(5, Math.floor(epoch * gap));
      return { ...settings, poetPhases: { phaseShift: poetCycleGap, cycleGap: poetCycleGap } };
    });

  const base = kubernetesSpec();
  const specOf = ({ preset, ...settings }: typeof sane extends fc.Arbitrary<infer T> ? T : never, config = {}) => ({
    ...base,
    ...settings,
    kubernetes: { ...base.kubernetes, preset, smeshers: settings.miners - 1, nodeConfig: config },
  });

  it("passes the defaults at any length of layer and epoch", () => {
    fc.assert(
      fc.property(sane, (settings) => {
        deepStrictEqual(rules(specOf(settings)), []);
      }),
      { numRuns: 400 },
    );
  });

  const milliseconds = fc.integer({ min: 0, max: 60_000 }).map((ms) => `${ms}ms`);
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 4 });
  const overrides = fc
    .record({
      "hare3.preround-delay": maybe(milliseconds),
      "hare3.round-duration": maybe(fc.integer({ min: 1, max: 2000 }).map((ms) => `${ms}ms`)),
      "hare3.iterations-limit": maybe(fc.integer({ min: 1, max: 8 })),
      "hare3.enable-layer": maybe(fc.integer({ min: 0, max: 100 })),
      "tortoise.tortoise-zdist": maybe(fc.integer({ min: 1, max: 8 })),
      "beacon.beacon-rounds-number": maybe(fc.integer({ min: 1, max: 20 })),
      "beacon.beacon-voting-round-duration": maybe(milliseconds),
      "poet.grace-period": maybe(milliseconds),
      "poet.phase-shift": maybe(milliseconds),
      "syncer.interval": maybe(fc.integer({ min: 100, max: 20_000 }).map((ms) => `${ms}ms`)),
      "syncer.gossipduration": maybe(milliseconds),
      "syncer.tallyvotesfrequency": maybe(fc.constantFrom(0, 0.25)),
      "main.layer-duration": maybe(fc.constantFrom("5", "5s", "1500ms", "1m")),
      "main.standalone": maybe(fc.boolean()),
      "genesis.genesis-extra-data": maybe(fc.constantFrom("", "x".repeat(256), "v1.2.3+1")),
      "p2p.p2p-private-network": maybe(fc.boolean()),
    })
    .map((all) => {
      const config: Record<string, Record<string, unknown>> = {};
      for (const [path, value] of Object.entries(all)) {
        const [section = "", key = ""] = path.split(".");
        if (value !== undefined) config[section] = { ...config[section], [key]: value };
      }
      return config;
    });
  /** Most parts of the overrides are left out, so that many combinations pass. */
  const some = fc
    .tuple(overrides, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }))
    .map(([config, keep]) =>
      Object.fromEntries(Object.entries(config).filter((_, i) => keep[i] && keep[(i + 3) % keep.length])),
    );

  it("passes nothing that a node refuses or that makes its network stand still", () => {
    const seen = { passed: 0, refused: 0 };
    fc.assert(
      fc.property(sane, some, (settings, config) => {
        const spec = specOf(settings, config);
        const made = {
          genesisTime: "2026-11-28T07:01:06Z",
          peerIds: Array.from({ length: spec.miners }, (_, i) => `12D3KooW${i + 1}`),
          poetKeys: Array.from({ length: spec.poets }, () => "a2V5"),
          bootstrapUrl: "http://bootstrap",
        };
        const file: unknown = JSON.parse(configText(nodeConfigOf(spec, made)));
        const refusal = nodeRefusal(file, {}, { phaseShift: `${spec.poetPhases.phaseShift}s` });
        const troubles = [...(refusal === undefined ? [] : [refusal]), ...nodeTroubles(file)];
        const broken = rules(spec);
        seen[broken.length === 0 ? "passed" : "refused"]++;
        if (broken.length === 0) deepStrictEqual(troubles, []);
      }),
      { numRuns: 1000 },
    );
    // Else the test would prove nothing.
    ok(seen.passed > 100, JSON.stringify(seen));
    ok(seen.refused > 100, JSON.stringify(seen));
  });

  it("refuses nothing for a genesis time of its own", () => {
    const spec = kubernetesSpec();
    const made = { genesisTime: "2026-11-28T07:01:06Z", peerIds: ["12D3KooW1"], poetKeys: ["a2V5"], bootstrapUrl: "x" };
    const preset = presetOf("fastnet") ?? {};
    deepStrictEqual(brokenRules(nodeConfigOf(spec, made), preset, networkNumbers(spec, made.genesisTime)), []);
  });
});

describe("lateStart", () => {
  it("says that a genesis at once may cost an epoch, and nothing of one in time", () => {
    match(lateStart(kubernetesSpec({ genesisDelay: 0 })) ?? "", /begins 15 s after the start, .* an epoch late$/);
    strictEqual(lateStart(kubernetesSpec({ genesisDelay: 1 })), undefined);
  });
});
