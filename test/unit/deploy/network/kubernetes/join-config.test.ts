import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { valueAt } from "../../../../../infra/base/lib/json";
import { joinConfigOf } from "../../../../../infra/deploy/network/kubernetes/join-config";
import { smappTakesConfig } from "../../../../support/list-readers";

const ADDRESS = "stest1qqqqqqy0dd83jemjmfj3ghjndxm0ndh0z2rymaqyp0gu3";
const INPUT = {
  genesisTime: "2026-11-28T07:01:06Z",
  extraData: "v1.2.3+1",
  layerDuration: 5,
  layersPerEpoch: 8,
  hrp: "stest",
  preset: "fastnet",
  accounts: { [ADDRESS]: "9223372036854775807" },
  poets: [{ address: "https://poet-1-v1-2-3-1.net.example.org", pubkey: "cG9ldA==" }],
  bootnodes: ["/ip4/203.0.113.1/tcp/31751/p2p/12D3KooWA", "/ip4/203.0.113.2/tcp/31752/p2p/12D3KooWB"],
  poet: { phaseShift: 15, cycleGap: 15 },
  post: { labelsPerUnit: 128, maxNumUnits: 4, minNumUnits: 2 },
  nodeConfig: {
    preset: "fastnet",
    genesis: { "genesis-time": "1999-01-01T00:00:00Z" },
    main: { "layer-duration": "7s", "tick-size": 3, metrics: true, "data-folder": "/data", "pprof-server": true },
    p2p: { "p2p-private-network": true, "min-peers": 2, bootnodes: ["/dns4/miner-1/tcp/7513/p2p/12D3KooWA"] },
    poet: { "phase-shift": "1s", "grace-period": "8s", "positioning-atx-selection-timeout": "4s" },
    post: { "post-k1": 12 },
    hare3: { "preround-delay": "1s", "round-duration": "300ms" },
    beacon: { "beacon-grace-period-duration": "1s" },
    syncer: { interval: "1s", gossipduration: "2s", tallyvotesfrequency: 0 },
    tortoise: { "tortoise-zdist": 2 },
    fetch: { servers: { "ax/1": { interval: "1s", queue: 200, requests: 100 } } },
    bootstrap: { "bootstrap-url": "http://bootstrap", "bootstrap-version": "https://spacemesh.io/1.0" },
    logging: { "log-encoder": "json" },
    api: { "grpc-json-listener": "0.0.0.0:9095" },
    smeshing: { "smeshing-coinbase": ADDRESS },
    "public-metrics": { "metrics-push-pass": "secret" },
  },
};
const text = joinConfigOf(INPUT);
const config: unknown = JSON.parse(text);
const at = (...path: string[]): unknown => valueAt(config, path);

describe("joinConfigOf", () => {
  it("is taken by Smapp", () => {
    ok(smappTakesConfig(config));
    strictEqual(smappTakesConfig({}), false);
  });

  it("keeps the genesis time's text, whatever it is", () => {
    for (const genesisTime of ["2026-11-28T07:01:06Z", "2026-11-28T07:01:06+00:00", "2026-11-28T08:01:06+01:00"])
      match(
        joinConfigOf({ ...INPUT, genesisTime }),
        new RegExp(`"genesis-time": "${genesisTime.replace("+", "\\+")}"`),
      );
    strictEqual(at("genesis", "genesis-extra-data"), "v1.2.3+1");
  });

  it("writes every balance with all its digits", () => {
    match(text, new RegExp(`"${ADDRESS}": "9223372036854775807"\\n`));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (balance) => {
        const { accounts } = { accounts: { [ADDRESS]: balance.toString() } };
        const text = joinConfigOf({ ...INPUT, accounts });
        const [, digits] = /"stest1\w+": ("?\d+"?)/.exec(text) ?? [];
        // A node takes every digit of a text, and a number as a float.
        strictEqual(digits?.startsWith('"') ? digits.slice(1, -1) : BigInt(Number(digits)).toString(), `${balance}`);
      }),
    );
  });

  it("says the numbers of the network, whatever the managed nodes' config says beside them", () => {
    deepStrictEqual([at("main", "layer-duration"), at("main", "layers-per-epoch")], ["5s", 8]);
    deepStrictEqual(at("poet"), {
      "phase-shift": "15s",
      "grace-period": "8s",
      "positioning-atx-selection-timeout": "4s",
      "cycle-gap": "15s",
    });
    deepStrictEqual(at("main", "poet-servers"), INPUT.poets);
    deepStrictEqual([at("preset"), at("main", "network-hrp")], ["fastnet", "stest"]);
    strictEqual(at("post", "post-k1"), 12);
  });

  it("leads to the public addresses, and lets the node dial no private ones", () => {
    deepStrictEqual(at("p2p"), { "min-peers": 2, bootnodes: INPUT.bootnodes });
  });

  it("takes over what all nodes must agree in, and their timing", () => {
    for (const section of ["hare3", "beacon", "syncer", "tortoise", "fetch"] as const)
      deepStrictEqual(at(section), INPUT.nodeConfig[section], section);
    strictEqual(at("main", "tick-size"), 3);
  });

  it("leaves out what belongs to the managed nodes alone", () => {
    for (const section of ["logging", "api", "smeshing", "public-metrics"])
      strictEqual(at(section), undefined, section);
    for (const key of ["metrics", "data-folder", "pprof-server"]) strictEqual(at("main", key), undefined, key);
  });

  it("asks the cluster's own server for no beacon, nor the preset's, but a public one", () => {
    strictEqual(at("bootstrap", "bootstrap-url"), "");
    strictEqual(at("bootstrap", "bootstrap-version"), "https://spacemesh.io/1.0");
    const url = "https://beacon.example.org";
    const nodeConfig = { ...INPUT.nodeConfig, bootstrap: { "bootstrap-url": url } };
    strictEqual(valueAt(JSON.parse(joinConfigOf({ ...INPUT, nodeConfig })), ["bootstrap", "bootstrap-url"]), url);
    strictEqual(valueAt(JSON.parse(joinConfigOf({ ...INPUT, nodeConfig: {} })), ["bootstrap", "bootstrap-url"]), "");
  });
});
