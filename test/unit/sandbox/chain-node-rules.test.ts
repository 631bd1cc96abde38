import { strictEqual } from "node:assert";
import { goText, nanoseconds } from "../../../sandbox/chain/today/go-duration";
import { nodeRefusal } from "../../../sandbox/chain/today/node-rules";

/** A config that a node of today takes. */
const CONFIG = {
  preset: "fastnet",
  genesis: { "genesis-time": "2026-11-28T07:01:06Z", "genesis-extra-data": "v1.2.3+1" },
  main: { "layer-duration": "5s", "layers-per-epoch": 8, "network-hrp": "stest" },
  hare3: { "preround-delay": "1s", "round-duration": "300ms" },
  syncer: { interval: "1s", tallyvotesfrequency: 0 },
  poet: { "phase-shift": "15s", "cycle-gap": "15s" },
};

const FAILED = "loading config: unmarshal config: decoding failed due to the following error(s):\n\n";

describe("nodeRefusal", () => {
  it("takes the config that was run with real nodes, and presets as they are", () => {
    strictEqual(nodeRefusal(CONFIG), undefined);
    strictEqual(nodeRefusal(CONFIG, {}, { phaseShift: "15s" }), undefined);
    for (const preset of ["fastnet", "testnet"]) strictEqual(nodeRefusal({ preset }), undefined);
    strictEqual(nodeRefusal({}), undefined); // mainnet
    strictEqual(nodeRefusal({ preset: "standalone" }), undefined);
  });

  const refusals: [string, unknown, string][] = [
    // The first five are what viper and mapstructure of the node's versions printed.
    [
      "the network id of the era before",
      { ...CONFIG, p2p: { "network-id": 1, x: 2 } },
      `${FAILED}'p2p' has invalid keys: network-id, x`,
    ],
    ["an unknown section", { ...CONFIG, zzz: {} }, `${FAILED}'' has invalid keys: zzz`],
    [
      "a duration without a unit",
      { main: { "layer-duration": "5" } },
      `${FAILED}error decoding 'main.layer-duration': time: missing unit in duration "5"`,
    ],
    [
      "what is no duration, and unknown keys, in one message",
      { main: { "layer-duration": "abc" }, p2p: { "network-id": 1 }, zzz: 1 },
      `${FAILED}error decoding 'main.layer-duration': time: invalid duration "abc"\n` +
        "'p2p' has invalid keys: network-id\n'' has invalid keys: zzz",
    ],
    [
      "the layer duration of the era before",
      { main: { "layer-duration-sec": 5 } },
      `${FAILED}'main' has invalid keys: layer-duration-sec`,
    ],
    [
      "an unknown preset",
      { preset: "devnet" },
      "loading config: preset devnet is not registered. " + "select one from the options [fastnet standalone testnet]",
    ],
    [
      "no extra data",
      { ...CONFIG, genesis: { "genesis-extra-data": "" } },
      "wait until genesis-extra-data is available",
    ],
    [
      "long extra data",
      { ...CONFIG, genesis: { "genesis-extra-data": "é".repeat(128) } },
      `extra-data is longer than 255 symbols: ${"é".repeat(128)}`,
    ],
    [
      "hare that takes too long",
      { ...CONFIG, hare3: { "round-duration": "700ms", "preround-delay": "1s" } },
      "hare terminates later (10.8s) than expected (10s)",
    ],
    [
      "hare of mainnet in short layers",
      { main: { "layer-duration": "1m" } },
      "hare terminates later (6m1s) than expected (2m0s)",
    ],
    [
      "hare that ends before it begins",
      { ...CONFIG, hare3: { ...CONFIG.hare3, "enable-layer": 9, "disable-layer": 8 } },
      "disabled layer (8) must be larger than enabled (9)",
    ],
    [
      "a boot node without an id",
      { ...CONFIG, p2p: { bootnodes: ["/dns4/miner-1/tcp/7513"] } },
      "can't parse bootnode /dns4/miner-1/tcp/7513: invalid p2p multiaddr",
    ],
    [
      "an account of another network",
      { ...CONFIG, genesis: { ...CONFIG.genesis, accounts: { sm1qqq: 1 } } },
      "could not create address from genesis config `sm1qqq`: " +
        "wrong network id: expected `stest`, got `sm`: unsupported network",
    ],
    [
      "two poets in standalone mode",
      { ...CONFIG, preset: "standalone", main: { ...CONFIG.main, "poet-servers": [] }, hare3: {} },
      "to launch in a standalone mode provide single local address for poet: []",
    ],
  ];
  for (const [what, config, text] of refusals) {
    it(`refuses ${what}, in the node's words`, () => {
      strictEqual(nodeRefusal(config), text);
    });
  }

  it("refuses a poet of another phase shift, which it learns from the poet alone", () => {
    strictEqual(nodeRefusal(CONFIG, {}, { phaseShift: "16s" }), "failed to create poet service");
    strictEqual(nodeRefusal(CONFIG, { "phase-shift": "16s" }, { phaseShift: "16s" }), undefined);
  });

  it("lets flags win over the file, and the file over the preset", () => {
    strictEqual(nodeRefusal(CONFIG, { "layer-duration": "2s" }), "hare terminates later (5.2s) than expected (4s)");
    strictEqual(nodeRefusal(CONFIG, { preset: "testnet" }), undefined);
  });
});

describe("durations of Go", () => {
  it("are read as time.ParseDuration reads them", () => {
    const all: [unknown, bigint | undefined][] = [
      ["5s", 5_000_000_000n],
      ["1h2m3.5s", 3_723_500_000_000n],
      ["300ms", 300_000_000n],
      ["1.5h", 5_400_000_000_000n],
      ["-1s", -1_000_000_000n],
      ["0", 0n],
      [5, 5n],
      ["", undefined],
      ["5", undefined],
      ["5x", undefined],
      ["s", undefined],
    ];
    for (const [text, expected] of all) strictEqual(nanoseconds(text), expected, String(text));
  });

  it("are written as Go prints them", () => {
    for (const text of ["0s", "1ns", "1.5µs", "300ms", "1.25ms", "12.8s", "5m0s", "1m0.5s", "24h0m0s", "1h1m1.001s"]) {
      strictEqual(goText(nanoseconds(text) ?? -1n), text);
    }
  });
});
