import { deepStrictEqual, match, strictEqual, throws } from "node:assert";
import { parseBuildTag } from "../../../../../infra/base/model/build-tag";
import { networkSpec } from "../../../../../infra/base/model/network-spec";
import { versionsOf } from "../../../../../infra/base/model/versions";
import { configText } from "../../../../../infra/deploy/network/kubernetes/config-text";
import { minPeers, nodeConfigOf, poetArguments } from "../../../../../infra/deploy/network/kubernetes/node-config";
import { kubernetesSpecOf } from "../../../../../infra/deploy/network/kubernetes/spec";
import { kubernetesSpec } from "../../../../support/kubernetes-spec";
import { settingsWith } from "../../../../support/settings";

const ACCOUNT = "stest1qqqqqqx3pllnhamat3a4kmwexd39kkgst7p52jqjwx5wl";
const MADE = {
  genesisTime: "2026-11-28T07:01:06Z",
  peerIds: ["12D3KooWA", "12D3KooWB", "12D3KooWC", "12D3KooWD"],
  poetKeys: ["a2V5"],
  bootstrapUrl: "http://bootstrap",
};

/** The config file as a node reads it. */
const written = (changes: Record<string, unknown> = {}) =>
  JSON.parse(configText(nodeConfigOf(kubernetesSpec(changes), MADE)));

describe("nodeConfigOf", () => {
  it("gives the config that was run with real nodes at 5 s x 8", () => {
    deepStrictEqual(written({ accounts: { [ACCOUNT]: "100000000000000000" } }), {
      preset: "fastnet",
      genesis: {
        "genesis-time": "2026-11-28T07:01:06Z",
        "genesis-extra-data": "v1.2.3+1",
        accounts: { [ACCOUNT]: 100000000000000000 },
      },
      main: {
        "layer-duration": "5s",
        "layers-per-epoch": 8,
        "network-hrp": "stest",
        "poet-servers": [{ address: "http://poet-1:5000", pubkey: "a2V5" }],
      },
      p2p: {
        "p2p-private-network": true,
        "min-peers": 2,
        "disable-natport": true,
        bootnodes: ["/dns4/miner-1/tcp/7513/p2p/12D3KooWA"],
      },
      poet: {
        "phase-shift": "15s",
        "cycle-gap": "15s",
        "grace-period": "8s",
        "positioning-atx-selection-timeout": "4s",
      },
      hare3: { "preround-delay": "1s", "round-duration": "300ms" },
      bootstrap: { "bootstrap-url": "http://bootstrap" },
      syncer: { interval: "1s", gossipduration: "2s", tallyvotesfrequency: 0 },
      fetch: { servers: { "ax/1": { interval: "1s", queue: 200, requests: 100 } } },
      logging: { "log-encoder": "json" },
    });
  });

  it("comes near to what was run at 2 s x 10", () => {
    const { hare3, beacon, syncer, poet } = written({
      layerDuration: 2,
      layersPerEpoch: 10,
      poetPhaseShift: 8,
      poetCycleGap: 8,
    });
    deepStrictEqual(hare3, { "preround-delay": "500ms", "round-duration": "200ms" });
    deepStrictEqual(beacon, {
      "beacon-proposal-duration": "1s",
      "beacon-first-voting-round-duration": "5s", // 4 s as run
      "beacon-voting-round-duration": "1s",
      "beacon-weak-coin-round-duration": "1s",
    });
    deepStrictEqual(syncer, { interval: "400ms", gossipduration: "800ms", tallyvotesfrequency: 0 });
    deepStrictEqual(poet, {
      "phase-shift": "8s",
      "cycle-gap": "8s",
      "grace-period": "4267ms",
      "positioning-atx-selection-timeout": "2133ms",
    });
  });

  it("writes long durations in minutes and hours, and leaves out what the preset covers", () => {
    const { main, poet, hare3, beacon, syncer } = written({
      layerDuration: 300,
      layersPerEpoch: 288,
      poetPhaseShift: 61200,
      poetCycleGap: 7200,
    });
    strictEqual(main["layer-duration"], "5m");
    deepStrictEqual(
      [poet["phase-shift"], poet["cycle-gap"], poet["grace-period"], poet["positioning-atx-selection-timeout"]],
      ["17h", "2h", "10m", "5m"],
    );
    deepStrictEqual(hare3, { "preround-delay": "25s", "round-duration": "10133ms" });
    strictEqual(beacon, undefined);
    deepStrictEqual(syncer, { tallyvotesfrequency: 0 });
  });

  it("lists the first boot nodes and all poets", () => {
    const made = { ...MADE, poetKeys: ["a2V5", "a2V6"] };
    const config = JSON.parse(configText(nodeConfigOf(kubernetesSpec({ bootnodes: 2, poets: 2 }), made)));
    deepStrictEqual(config.p2p.bootnodes, [
      "/dns4/miner-1/tcp/7513/p2p/12D3KooWA",
      "/dns4/miner-2/tcp/7513/p2p/12D3KooWB",
    ]);
    deepStrictEqual(config.main["poet-servers"], [
      { address: "http://poet-1:5000", pubkey: "a2V5" },
      { address: "http://poet-2:5000", pubkey: "a2V6" },
    ]);
  });

  it("takes from the standalone preset what makes each node a network of its own", () => {
    const { main, api, p2p, hare3 } = written({ preset: "standalone", hrp: "standalone" });
    strictEqual(main.standalone, false);
    strictEqual(main["atx-grade-delay"], "2500ms");
    strictEqual(api["grpc-public-listener"], "0.0.0.0:9092");
    deepStrictEqual([p2p.listen, p2p["advertise-address"]], ["/ip4/0.0.0.0/tcp/7513", []]);
    deepStrictEqual(hare3, { "preround-delay": "1s", "round-duration": "285ms" }); // 4 iterations
  });

  it("gives the testnet preset hare from the first layer, and the weights and times of a small network", () => {
    const { hare3, tortoise, beacon, main, "active-set-preparation": preparation } = written({ preset: "testnet" });
    strictEqual(hare3["enable-layer"], 0);
    deepStrictEqual(tortoise, { minimalactivesetweight: [{ weight: 1 }] });
    deepStrictEqual(preparation, { window: "2500ms", "retry-interval": "2500ms" });
    strictEqual(main["atx-grade-delay"], "2500ms");
    strictEqual(beacon["beacon-voting-round-duration"], "545ms"); // 20 rounds
  });

  it("lets the setting nodeConfig win, by key, with lists and texts as a whole", () => {
    const config = written({
      nodeConfig: {
        hare3: { "round-duration": "250ms", committee: 50 },
        p2p: { bootnodes: ["/dns4/else/tcp/7513/p2p/12D3KooWE"] },
        post: { "post-k1": 26 },
        fetch: { servers: { "ax/1": { requests: 500 }, "as/1": { requests: 5, interval: "1s" } } },
      },
    });
    deepStrictEqual(config.hare3, { "preround-delay": "1s", "round-duration": "250ms", committee: 50 });
    deepStrictEqual(config.p2p.bootnodes, ["/dns4/else/tcp/7513/p2p/12D3KooWE"]);
    deepStrictEqual(config.post, { "post-k1": 26 });
    deepStrictEqual(config.fetch.servers, {
      "ax/1": { interval: "1s", queue: 200, requests: 500 },
      "as/1": { requests: 5, interval: "1s" },
    });
  });

  it("fits hare's rounds to the number of iterations that the setting nodeConfig asks for", () => {
    const { hare3 } = written({ nodeConfig: { hare3: { "iterations-limit": 6 } } });
    deepStrictEqual(hare3, { "preround-delay": "1s", "round-duration": "190ms", "iterations-limit": 6 });
  });
});

describe("configText", () => {
  it("writes every balance exactly, as text where a float would round it", () => {
    const balances: [string, string][] = [
      ["0", "0"],
      ["9007199254740991", "9007199254740991"],
      ["100000000000000000", "100000000000000000"],
      ["100000000000000001", '"100000000000000001"'],
      ["9223372036854775807", '"9223372036854775807"'],
      ["41577684368291830", '"41577684368291830"'], // a float prints these digits and is another number
    ];
    for (const [balance, expected] of balances) {
      const text = configText(nodeConfigOf(kubernetesSpec({ accounts: { [ACCOUNT]: balance } }), MADE));
      strictEqual(new RegExp(`"${ACCOUNT}": ("?\\d+"?)`).exec(text)?.[1], expected);
    }
  });

  it("is the same for the same network", () => {
    const text = () => configText(nodeConfigOf(kubernetesSpec({ accounts: { [ACCOUNT]: "7" } }), MADE));
    strictEqual(text(), text());
    match(text(), /^\{\n {2}"preset": "fastnet",/);
  });
});

describe("minPeers", () => {
  it("is 60 % of the others, at least one and, where there are two or more, not all", () => {
    deepStrictEqual(
      [2, 3, 4, 5, 10, 25, 100].map((miners) => [miners, minPeers(miners)]),
      [
        [2, 1],
        [3, 1],
        [4, 2],
        [5, 3],
        [10, 6],
        [25, 15],
        [100, 60],
      ],
    );
  });
});

describe("poetArguments", () => {
  it("start a poet by the network's clock", () => {
    deepStrictEqual(poetArguments(kubernetesSpec(), "2026-11-28T07:01:06Z"), [
      "--genesis-time=2026-11-28T07:01:06Z",
      "--epoch-duration=40s",
      "--phase-shift=15s",
      "--cycle-gap=15s",
      "--restlisten=0.0.0.0:5000",
      "--poetdir=/data",
      "--jsonlog",
      "--metrics-port=9216",
      "--pow-difficulty=4",
    ]);
  });
});

describe("kubernetesSpecOf", () => {
  it("refuses the spec of another driver's network", () => {
    const tag = parseBuildTag("v1.2.3+1");
    const settings = settingsWith();
    throws(() => kubernetesSpecOf(networkSpec(tag, settings, versionsOf(tag, settings.versions))), {
      code: "DriverOther",
    });
  });
});
