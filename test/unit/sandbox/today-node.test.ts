import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOfToday } from "../../../sandbox/chain/go-spacemesh";
import { keyMistakes } from "../../../sandbox/chain/today/config-keys";
import { parseFlags } from "../../../sandbox/chain/today/flags";
import { genesisId } from "../../../sandbox/chain/today/genesis";
import { goDuration } from "../../../sandbox/chain/today/go-duration";
import { type Connection, Links, type Peer } from "../../../sandbox/chain/today/links";
import { NODE_API } from "../../../sandbox/chain/today/node-api";
import { type NodeConfig, readNodeConfig } from "../../../sandbox/chain/today/node-config";
import { peerKeyOf } from "../../../sandbox/chain/today/node-keys";
import { firstLayerOf, nodeState, rootAt, type Situation } from "../../../sandbox/chain/today/node-state";
import { services } from "../../../sandbox/chain/today/protos";

const GENESIS = "2026-11-28T07:01:06Z";

/** Reads a config as a node does that is started with it. */
function configOf(file: object, flags: readonly string[] = []): NodeConfig {
  const folder = mkdtempSync(join(tmpdir(), "today-"));
  try {
    writeFileSync(join(folder, "config.json"), JSON.stringify(file));
    return readNodeConfig(["-c", join(folder, "config.json"), ...flags]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const genesis = { "genesis-time": GENESIS, "genesis-extra-data": "v1.2.3+1" };

describe("isOfToday", () => {
  it("tells a node of today by -c", () => {
    const command = ["/bin/go-spacemesh"];
    strictEqual(isOfToday({ command, args: ["-c", "/config.json"] }), true);
    strictEqual(isOfToday({ command: [...command, "-c=/etc/config/smesher.json"], args: ["--metrics"] }), true);
    strictEqual(isOfToday({ command, args: ["--config=/config.json"] }), false);
    const shell = { command: ["/bin/sh", "-c"], args: ["/bin/go-spacemesh --config=/root/config.json ; sleep 1"] };
    strictEqual(isOfToday(shell), false);
  });
});

describe("parseFlags", () => {
  it("reads switches, arguments and short names", () => {
    const flags = parseFlags([
      "-d",
      "/data",
      "--metrics",
      "--smeshing-start=false",
      "--metrics-port",
      "9216",
      "-p=fastnet",
    ]);
    deepStrictEqual(Object.fromEntries(flags), {
      "data-folder": "/data",
      metrics: "true",
      "smeshing-start": "false",
      "metrics-port": "9216",
      preset: "fastnet",
    });
  });

  it("takes what systest and the driver of today pass", () => {
    parseFlags(
      `-c=/etc/config/smesher.json --pprof-server --smeshing-opts-datadir=/data/post -d=/data --log-encoder=json
      --metrics --metrics-port=9216 --genesis-time=${GENESIS} --genesis-extra-data=systest --min-peers=3
      --p2p-private-network=true --accounts=a=1 --bootnodes=x --poet-servers=[] --bootstrap-url=http://b
      --grpc-json-listener=0.0.0.0:9095 --grpc-public-listener=0.0.0.0:9092 --grpc-private-listener=127.0.0.1:9093
      --smeshing-coinbase=stest1 --filelock=/data/LOCK --p2p-bootnode=true --force-dht-server`.split(/\s+/),
    );
  });

  it("refuses a switch with a wrong value and a bare word", () => {
    throws(() => parseFlags(["--metrics=maybe"]), /invalid argument "maybe" for "--metrics" flag: strconv\.ParseBool/);
    throws(() => parseFlags(["start"]), /unknown command "start" for "node"/);
  });
});

describe("keyMistakes", () => {
  it("takes the config that was run, with keys without tags", () => {
    const file = {
      preset: "fastnet",
      genesis: { ...genesis, accounts: { stest1abc: 100 } },
      main: { "layer-duration": "5s", "layers-per-epoch": 8, "network-hrp": "stest", "poet-servers": [] },
      p2p: { "p2p-private-network": true, "min-peers": 2, "disable-natport": true, bootnodes: [] },
      poet: {
        "phase-shift": "15s",
        "cycle-gap": "15s",
        "grace-period": "8s",
        "positioning-atx-selection-timeout": "4s",
      },
      hare3: { "preround-delay": "1s", "round-duration": "300ms", committeeupgrade: { layer: 1, size: 2 } },
      bootstrap: { "bootstrap-url": "http://bootstrap" },
      syncer: { interval: "1s", gossipDuration: "2s", tallyvotesfrequency: 0 },
      fetch: { servers: { "ax/1": { interval: "1s", queue: 200, requests: 100 } } },
      logging: { "log-encoder": "json" },
      post: { "post-labels-per-unit": 128, "post-max-numunits": 4 },
      tortoise: { "tortoise-zdist": 2 },
      beacon: { "beacon-rounds-number": 4 },
      smeshing: { "smeshing-opts": { "smeshing-opts-provider": 0 } },
    };
    deepStrictEqual(keyMistakes(file), []);
  });

  it("names the keys of the era, section by section", () => {
    const file = { main: { "genesis-time": 1, "genesis-active-size": 2 }, p2p: { "network-id": 7 }, app: {} };
    deepStrictEqual(keyMistakes(file), [
      "'main' has invalid keys: genesis-active-size, genesis-time",
      "'p2p' has invalid keys: network-id",
      "'' has invalid keys: app",
    ]);
    deepStrictEqual(keyMistakes({ smeshing: { "smeshing-opts": { speed: 1 } } }), [
      "'smeshing.smeshing-opts' has invalid keys: speed",
    ]);
  });
});

describe("readNodeConfig", () => {
  it("lays the file over the preset, and the flags over the file", () => {
    const { layerDuration, layersPerEpoch, hrp, labelsPerUnit, listeners } = configOf(
      { preset: "fastnet", genesis, main: { "layers-per-epoch": 8 } },
      ["--layers-per-epoch=6", "--grpc-json-listener=0.0.0.0:9095"],
    );
    deepStrictEqual([layerDuration, layersPerEpoch, hrp, labelsPerUnit], [15, 6, "stest", 128]);
    deepStrictEqual(listeners.json, { port: 9095, isLoopback: false });
    deepStrictEqual(listeners.private, { port: 9093, isLoopback: true });
    strictEqual(listeners.metrics, undefined);
  });

  it("reads large balances, durations and poets", () => {
    const config = configOf({
      preset: "fastnet",
      genesis: { ...genesis, accounts: { stest1abc: 100_000_000_000_000_000 } },
      main: { "layer-duration": "1m30s", "poet-servers": [{ address: "http://poet-1:5000", pubkey: "AA==" }] },
    });
    deepStrictEqual(
      [config.accounts, config.layerDuration, config.poets],
      [{ stest1abc: "100000000000000000" }, 90, ["http://poet-1:5000"]],
    );
  });

  it("refuses to smesh without a coinbase", () => {
    throws(() => configOf({ genesis }, ["--smeshing-start=true"]), /smeshing enabled but no coinbase account provided/);
  });
});

describe("goDuration and genesisId", () => {
  it("read Go's durations", () => {
    deepStrictEqual(["5m", "300ms", "1m30s", "2.5s", "0", "5", "fast"].map(goDuration), [
      300_000,
      300,
      90_000,
      2_500,
      0,
      undefined,
      undefined,
    ]);
    strictEqual(goDuration(5_000_000_000), 5_000);
  });

  it("hash the seconds of the genesis and the extra data", () => {
    const time = Date.parse("2026-11-28T06:34:43Z");
    strictEqual(genesisId(time, "standalone").toString("base64"), "CA5i+YByW26ko9LFwMqvMyB+fWI=");
  });
});

describe("peerKeyOf", () => {
  it("makes the peer id of libp2p from the key", () => {
    // The seed of zero bytes, whose public key and peer id are known.
    const pub = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";
    const key = Buffer.from(`08011240${"00".repeat(32)}${pub}`, "hex").toString("base64");
    const { id } = peerKeyOf(JSON.stringify({ Key: key }));
    strictEqual(id, "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN");
  });
});

describe("Links", () => {
  const peer = (name: string, bootnodes: string[], genesis = "a"): Peer => ({
    name,
    id: name,
    bootnodes,
    genesis: () => genesis,
  });

  it("join nodes by a bootnode that runs, and outlive it", () => {
    const links = new Links();
    const [boot, one, two] = [peer("boot", []), peer("one", ["boot"]), peer("two", ["boot"])];
    links.add(one, 1);
    links.add(two, 1);
    links.update({}, 2);
    deepStrictEqual(links.connection(one), { peers: 0, since: undefined, aloneSince: 1 });
    links.add(boot, 3);
    links.update({}, 4);
    deepStrictEqual(links.connection(one), { peers: 2, since: 4, aloneSince: undefined });
    links.remove(boot);
    links.update({}, 5);
    deepStrictEqual(links.connection(two), { peers: 1, since: 4, aloneSince: undefined });
    links.update({ deaf: ["two"] }, 6);
    deepStrictEqual(links.connection(one), { peers: 0, since: undefined, aloneSince: 6 });
  });

  it("keep nodes of another genesis apart", () => {
    const links = new Links();
    const nodes = [peer("one", []), peer("two", ["one"]), peer("three", ["one"], "b")];
    for (const node of nodes) links.add(node, 1);
    links.update({}, 2);
    deepStrictEqual(
      nodes.map((node) => links.connection(node).peers),
      [1, 1, 0],
    );
  });
});

describe("nodeState", () => {
  /** Layers of a second, four an epoch, so that layer 7 is the last without blocks. */
  const hare3 = { "preround-delay": "100ms", "round-duration": "50ms" };
  const config = configOf({ preset: "fastnet", genesis, main: { "layer-duration": "1s" }, hare3 });
  const connected: Connection = { peers: 3, since: 0, aloneSince: undefined };
  const alone: Connection = { peers: 0, since: undefined, aloneSince: 0 };

  /** Synced, latest and applied layer at a moment, in layers after the genesis. */
  const told = (at: number, over: Partial<Situation> = {}) => {
    const member = { name: "miner-1", startedAt: 0 };
    const basis = {
      config,
      member,
      history: [],
      connection: connected,
      beaconLayer: 4,
      smeshesSince: 0,
      before: undefined,
    };
    const { isSynced, latestLayer, appliedLayer } = nodeState({ ...basis, ...over }, config.genesisTime + at * 1000);
    return [isSynced, latestLayer, appliedLayer];
  };

  it("stands at 2N - 1 until the first layers, also before the genesis", () => {
    for (const at of [-100, 0, 3, 7.9]) deepStrictEqual(told(at), [true, 7, 7], String(at));
  });

  it("verifies from 2N + 2 with the beacon, and lags by one layer at most", () => {
    deepStrictEqual(
      [8.5, 9.9, 10.1, 10.6, 30.2].map((at) => told(at)),
      [
        [true, 8, 7],
        [true, 9, 7],
        [true, 10, 9],
        [true, 10, 10],
        [true, 30, 29],
      ],
    );
  });

  it("idles through epoch 2 without the beacon, and verifies from 3N + 4", () => {
    const without = { beaconLayer: undefined };
    deepStrictEqual(
      [11.9, 15.9, 16.2].map((at) => told(at, without)),
      [
        [true, 7, 7],
        [true, 15, 7],
        [true, 16, 15],
      ],
    );
  });

  it("says of an isolated node that it is synced until 2N + 2, and freezes its layers", () => {
    deepStrictEqual(
      [7, 9.9, 10, 40].map((at) => told(at, { connection: alone })),
      [
        [true, 7, 7],
        [true, 7, 7],
        [false, 7, 7],
        [false, 7, 7],
      ],
    );
  });

  it("syncs a late node in 2 to 5 seconds, from what it had applied", () => {
    const at = (seconds: number) => config.genesisTime + seconds * 1000;
    const late = (name: string) => ({
      member: { name, startedAt: at(40) },
      connection: { ...connected, since: at(40) },
      before: { appliedLayer: 30, processedLayer: 30 },
    });
    deepStrictEqual(
      [40, 41, 42].map((time) => told(time, late("miner-4"))),
      [
        [false, 40, 30],
        [false, 41, 35],
        [true, 42, 41],
      ],
    );
    deepStrictEqual(told(44.9, late("miner-3"))[0], false);
    deepStrictEqual(told(45, late("miner-3"))[0], true);
  });

  it("makes no blocks when nobody smeshes", () => {
    for (const at of [10, 40, 400]) {
      const [isSynced, , applied] = told(at, { smeshesSince: undefined });
      deepStrictEqual([isSynced, applied], [true, 7], String(at));
    }
  });

  /** A start after genesis, in seconds: the phase shift is 30 s, an epoch 4 s, and 10 s are allowed. */
  const firstLayer = (start: number, over: Partial<Situation> = {}) => {
    const member = { name: "miner-1", startedAt: 0 };
    const basis = { config, member, history: [], connection: connected, beaconLayer: 4, before: undefined };
    return firstLayerOf({ ...basis, smeshesSince: config.genesisTime + start * 1000, ...over });
  };

  it("loses an epoch when all that smesh start after the first round of the poets", () => {
    deepStrictEqual(
      [-60, 0, 39.9, 40, 40.1, 44, 44.1].map((start) => firstLayer(start)),
      [8, 8, 8, 8, 12, 12, 16],
    );
    deepStrictEqual(
      [firstLayer(0, { beaconLayer: undefined }), firstLayer(44.1, { beaconLayer: undefined })],
      [12, 16],
    );
  });

  /** Applied and processed layer, and whether it is synced, of a node that starts again in layer 60. */
  const again = (over: object, before: number, more: object = {}) => {
    const main = { "layer-duration": "1s", "layers-per-epoch": 8, ...more };
    const own = configOf({ preset: "fastnet", genesis, main, hare3, ...over });
    const startedAt = own.genesisTime + 60_000;
    const state = nodeState(
      {
        config: own,
        member: { name: "miner-4", startedAt },
        history: [],
        connection: { ...connected, since: startedAt },
        beaconLayer: 4,
        smeshesSince: own.genesisTime,
        before: { appliedLayer: before, processedLayer: before },
      },
      startedAt + 40_200,
    );
    return [state.isSynced, state.appliedLayer, state.processedLayer];
  };

  it("is never synced again after a missed layer, unless its config tallies votes in every layer", () => {
    const tally = (frequency: number) => ({ syncer: { tallyvotesfrequency: frequency } });
    deepStrictEqual(again({}, 58), [false, 99, 58]);
    deepStrictEqual(again(tally(0.25), 58), [false, 99, 58]);
    deepStrictEqual(again({ syncer: { TallyVotesFrequency: 0 } }, 58), [true, 99, 99]);
    deepStrictEqual(again({}, 59), [true, 99, 99]); // no layer was missed
    deepStrictEqual(again({}, 58, { "layers-per-epoch": 4 }), [true, 99, 99]);
  });

  it("does not hear consensus as a bootnode: it trails, and its processed layer stands", () => {
    const main = { "layer-duration": "1s", "layers-per-epoch": 4 };
    const file = configOf({ preset: "fastnet", genesis, main, hare3, p2p: { "p2p-bootnode": true } });
    for (const own of [file, configOf({ preset: "fastnet", genesis, main, hare3 }, ["--p2p-bootnode"])]) {
      const basis = { config: own, member: { name: "miner-1", startedAt: 0 }, history: [], connection: connected };
      const situation = { ...basis, beaconLayer: 4, smeshesSince: 0, before: undefined };
      const at = (seconds: number) => nodeState(situation, own.genesisTime + seconds * 1000);
      deepStrictEqual([at(7).isSynced, at(30.2).isSynced], [true, false]);
      deepStrictEqual([at(30.2).appliedLayer, at(30.6).appliedLayer, at(30.6).processedLayer], [28, 28, 7]);
      deepStrictEqual(at(30.2).latestLayer, 30);
    }
  });

  it("has a root for applied layers with blocks alone", () => {
    const member = { name: "miner-1", startedAt: 0 };
    const basis = {
      config,
      member,
      history: [],
      connection: connected,
      beaconLayer: 4,
      smeshesSince: 0,
      before: undefined,
    };
    const state = nodeState(basis, config.genesisTime + 20_200);
    deepStrictEqual(
      [7, 8, 19, 20].map((layer) => rootAt(state, layer)?.length),
      [undefined, 32, 32, undefined],
    );
  });
});

describe("NODE_API of today", () => {
  it("has every unary method of the .proto files", () => {
    const unary = services().flatMap(({ name, methods }) =>
      Object.entries(methods).flatMap(([method, { responseStream }]) => (responseStream ? [] : [`${name}/${method}`])),
    );
    deepStrictEqual(Object.keys(NODE_API).sort(), unary.sort());
  });

  it("is the same for v2alpha1 and v2beta1", () => {
    const read = (of: string) =>
      readFileSync(join(__dirname, `../../../sandbox/chain/today/protos/spacemesh/${of}/today.proto`), "utf8");
    const body = (of: string) => read(of).slice(read(of).indexOf("package")).replace(`spacemesh.${of}`, "");
    strictEqual(body("v2alpha1"), body("v2beta1"));
    ok(body("v2beta1").length > 1000);
  });
});
