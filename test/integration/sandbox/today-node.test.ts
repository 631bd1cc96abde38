import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { status as code } from "@grpc/grpc-js";
import { configText } from "../../../infra/deploy/network/kubernetes/config-text";
import { nodeConfigOf } from "../../../infra/deploy/network/kubernetes/node-config";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { until } from "../../support/chain-world";
import { kubernetesSpec } from "../../support/kubernetes-spec";
import { callNode, listServices } from "../../support/today-grpc";
import { answer, JSON_PORT, METRICS_PORT, PUBLIC_PORT, type TodayNode, TodayWorld } from "../../support/today-world";

/** The file that a bootstrap server has for a network of today. */
const BEACON = {
  "epoch-2-update-bc": {
    version: "https://spacemesh.io/bootstrap.schema.json.1.0",
    data: { epoch: { number: 2, beacon: "5b1e0c3f" } },
  },
};

const messages = (node: TodayNode): string[] =>
  node.log.map((line) => (line.startsWith("{") ? String((JSON.parse(line) as { M: string }).M) : line));

describe("simulated nodes of today", function () {
  this.timeout(40_000);

  let world: TodayWorld;
  afterEach(() => world.end());

  it("answer as the real node before the first blocks", async () => {
    world = await TodayWorld.make(-600);
    const genesis = { "genesis-time": "2026-11-28T06:34:43Z", "genesis-extra-data": "standalone" };
    const config = { preset: "standalone", main: {}, api: {} };
    const [fixed, young] = await Promise.all([
      world.node(1, { config: { ...config, genesis } }),
      world.node(2, { config }),
    ]);
    const told = async (node: TodayNode, path: string, body?: string) => (await node.ask(path, body)).body;

    deepStrictEqual(await told(young, "/v1/node/status"), {
      status: {
        connectedPeers: "0",
        isSynced: true,
        syncedLayer: { number: 19 },
        topLayer: { number: 0 },
        verifiedLayer: { number: 19 },
      },
    });
    deepStrictEqual(await told(young, "/spacemesh.v2alpha1.NodeService/Status"), {
      connectedPeers: "0",
      status: "SYNC_STATUS_SYNCED",
      latestLayer: 19,
      appliedLayer: 19,
      processedLayer: 19,
      currentLayer: 0,
    });
    deepStrictEqual(await told(young, "/v1/globalstate/globalstatehash"), {
      response: { rootHash: `${"A".repeat(43)}=`, layer: { number: 19 } },
    });
    deepStrictEqual(await told(young, "/v1/node/version"), { versionString: { value: "v1.2.3+1" } });
    deepStrictEqual(await told(fixed, "/spacemesh.v1.NodeService/NodeInfo"), {
      hrp: "standalone",
      firstGenesis: 19,
      effectiveGenesis: 19,
      epochSize: 10,
    });
    deepStrictEqual(await told(fixed, "/v1/mesh/genesistime"), { unixtime: { value: "1795847683" } });
    deepStrictEqual(await told(fixed, "/v1/mesh/genesisid"), { genesisId: "CA5i+YByW26ko9LFwMqvMyB+fWI=" });
    deepStrictEqual(await told(fixed, "/v1/mesh/layerduration"), { duration: { value: "6" } });
    deepStrictEqual(await told(fixed, "/v1/mesh/epochnumlayers"), { numlayers: { number: 10 } });
    for (const version of ["v2alpha1", "v2beta1"])
      deepStrictEqual(await told(fixed, `/spacemesh.${version}.NetworkService/Info`), {
        genesisTime: "2026-11-28T06:34:43Z",
        layerDuration: "6s",
        genesisId: "CA5i+YByW26ko9LFwMqvMyB+fWI=",
        hrp: "standalone",
        effectiveGenesisLayer: 19,
        layersPerEpoch: 10,
        labelsPerUnit: "64",
      });
  });

  it("make blocks from layer 2N on and agree on roots when they get the beacon", async () => {
    world = await TodayWorld.make(1);
    const config = { bootstrap: { "bootstrap-url": await world.serve(BEACON) } };
    const flags = ["--smeshing-start=true"];
    const nodes = await Promise.all([1, 2, 3].map((number) => world.node(number, { config, flags })));
    const [first, second] = nodes as [TodayNode, TodayNode];
    const early = await first.status();
    deepStrictEqual([early.isSynced, early.verified, early.peers], [true, 3, 2]);
    const later = await until("the first layer", async () => {
      const told = await first.status();
      return told.verified > 3 ? told : undefined;
    });
    ok(later.isSynced && later.top - later.verified <= 1 && later.top <= 7, JSON.stringify(later));
    const query = '{"startLayer":{"number":3},"endLayer":{"number":4}}';
    const layers = async (node: TodayNode) => (await node.ask("/v1/mesh/layersquery", query)).body;
    deepStrictEqual(await layers(first), await layers(second));
    const { layer } = (await layers(first)) as { layer: { status: string; blocks: object[]; rootStateHash: string }[] };
    deepStrictEqual(
      layer.map(({ status, blocks, rootStateHash }) => [status, blocks.length, rootStateHash.length]),
      [
        ["LAYER_STATUS_UNSPECIFIED", 0, 0],
        ["LAYER_STATUS_CONFIRMED", 1, 44],
      ],
    );
    const list = await first.ask("/spacemesh.v2beta1.LayerService/List", '{"start_layer":4,"end_layer":4,"limit":5}');
    strictEqual((list.body as { layers: { status: string }[] }).layers[0]?.status, "LAYER_STATUS_VERIFIED");
    const lines = messages(first);
    for (const wanted of ["new bootstrap file", "using fallback beacon", "app started", "atx published"])
      ok(lines.includes(wanted), wanted);
    await until("a proposal", () => messages(first).includes("proposal created"));
    ok(existsSync(join(first.data, "state.sql")));
    ok(existsSync(join(world.network(), "beacons.json")), "a restarted runner knows that the beacon came");
    const metrics = await (await fetch(`http://${first.address}:${METRICS_PORT}/metrics`)).text();
    match(metrics, /^spacemesh_tortoise_state_layers\{kind="verified"\} \d+$/m);
    match(metrics, /^spacemesh_p2p_total_peers 2$/m);
    match(metrics, /^spacemesh_syncer_sync_state\{state="synced"\} 1$/m);
  });

  it("stand at 2N - 1 until 3N + 3 without the beacon, and sync when they start later", async () => {
    world = await TodayWorld.make(7);
    const bootstrap = { "bootstrap-url": await world.serve({}) };
    const nodes = await Promise.all([4, 8].map((number) => world.node(number, { bootnode: 4, config: { bootstrap } })));
    const [first] = nodes as [TodayNode];
    const early = await first.status();
    deepStrictEqual([early.isSynced, early.verified], [false, 3]);
    const later = await until("the first layer", async () => {
      const told = await first.status();
      return told.isSynced && told.verified > 3 ? told : undefined;
    });
    ok(later.top >= 10 && later.top - later.verified <= 1, JSON.stringify(later));
  });

  it("sync again after a restart, from the layer they had applied", async () => {
    world = await TodayWorld.make(40);
    const nodes = await Promise.all([4, 8].map((number) => world.node(number, { bootnode: 4 })));
    const [first, second] = nodes as [TodayNode, TodayNode];
    const synced = async (node: TodayNode) => {
      const told = await node.status();
      return told.isSynced ? told : undefined;
    };
    const { verified } = await until("sync", () => synced(first));
    await second.stop();
    strictEqual((await first.status()).peers, 0);
    const again = await world.node(8, { bootnode: 4 });
    const told = await again.status();
    ok(!told.isSynced && told.peers === 1 && told.verified >= verified, JSON.stringify(told));
    await until("sync again", () => synced(again));
    ok(messages(again).includes("Loaded existing identity"));
  });

  it("are synced again with the config that the driver makes, and not without its tally of votes", async () => {
    world = await TodayWorld.make(60);
    const spec = kubernetesSpec({ layerDuration: 1, layersPerEpoch: 8, poetPhaseShift: 3, poetCycleGap: 4 });
    const genesisTime = new Date(world.genesisTime).toISOString().replace(".000Z", "Z");
    const made = { genesisTime, peerIds: [], poetKeys: [], bootstrapUrl: "" };
    const { genesis, main, syncer, hare3, poet } = JSON.parse(configText(nodeConfigOf(spec, made)));
    strictEqual(syncer.tallyvotesfrequency, 0);
    const config = { genesis, main, syncer, hare3, poet };
    const { tallyvotesfrequency: _, ...less } = syncer;
    const wishes = [{}, {}, { syncer: less }, {}].map((more) => ({ bootnode: 4, config: { ...config, ...more } }));
    const start = (i: number) => world.node(4 * (i + 1), wishes[i]);
    const [first] = (await Promise.all([start(0), start(3)])) as [TodayNode, TodayNode];
    const own = join(first.data, "state.sql");
    await until("sync", async () => existsSync(own) && (await first.status()).isSynced);
    // The others were there until a moment ago, and had all layers.
    const applied = (JSON.parse(readFileSync(own, "utf8")) as { appliedLayer: number }).appliedLayer;
    const left = JSON.stringify({ ...JSON.parse(readFileSync(own, "utf8")), processedLayer: applied - 4 });
    for (const i of [1, 2]) {
      const folder = join(first.data, `../miner-${4 * (i + 1)}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "state.sql"), left);
    }
    const [good, bad] = (await Promise.all([start(1), start(2)])) as [TodayNode, TodayNode];
    const startedAt = Date.now();
    await until("sync again", async () => (await good.status()).isSynced);
    ok(Date.now() - startedAt < 6000);
    const v2 = async () =>
      (await bad.ask("/spacemesh.v2beta1.NodeService/Status")).body as Record<string, number | string>;
    const stuck = await until("its layers", async () => {
      const told = await v2();
      return Number(told.appliedLayer) > applied ? told : undefined;
    });
    deepStrictEqual([stuck.status, stuck.processedLayer], ["SYNC_STATUS_SYNCING", applied - 4]);
  });

  it("make no blocks when nobody smeshes, and make them when one begins to", async () => {
    world = await TodayWorld.make(12);
    const config = { main: { "layer-duration": "1s", "layers-per-epoch": 2 }, poet: { "phase-shift": "1s" } };
    const wish = { bootnode: 4, config, isSmeshed: false };
    const [first] = (await Promise.all([4, 8].map((n) => world.node(n, wish)))) as [TodayNode];
    const idle = await until("sync", async () => {
      const told = await first.status();
      return told.isSynced ? told : undefined;
    });
    strictEqual(idle.verified, 3);
    // A round takes those who start 11 s after its epoch at the latest.
    const smesher = await world.node(12, { ...wish, flags: ["--smeshing-start=true"] });
    strictEqual(messages(smesher).includes("app started"), true);
    const told = await until("blocks", async () => {
      const status = await first.status();
      return status.verified > 3 ? status : undefined;
    });
    ok(told.verified >= 10, JSON.stringify(told));
  });

  it("have no peers without a bootnode that runs, and stop at 2N - 1", async () => {
    world = await TodayWorld.make(6);
    const nodes = await Promise.all([2, 3].map((number) => world.node(number)));
    const [second, third] = nodes as [TodayNode, TodayNode];
    const alone = await second.status();
    deepStrictEqual([alone.peers, alone.isSynced, alone.synced, alone.verified], [0, false, 3, 3]);
    await world.node(1);
    await until("peers by the bootnode", async () => (await third.status()).peers === 2);
    strictEqual((await second.status()).peers, 2);
  });

  it("do not see the network of another namespace, nor its faults", async () => {
    world = await TodayWorld.make(40);
    const wishes = [{ namespace: "v1-2-3-1" }, { namespace: "v1-2-4-1" }];
    const nodes = await Promise.all(
      wishes.flatMap((wish) => [4, 8].map((n) => world.node(n, { ...wish, bootnode: 4 }))),
    );
    const [first, , third] = nodes as [TodayNode, TodayNode, TodayNode];
    strictEqual((await first.status()).peers, 1);
    strictEqual((await third.status()).peers, 1);
    await writeFaults(world.network("v1-2-3-1"), { deaf: ["miner-4"] });
    await until("deafness", () => first.ready() === false);
    strictEqual(third.ready(), true);
    notStrictEqual(world.network("v1-2-3-1"), world.network("v1-2-4-1"));
    strictEqual(join(world.network(), "networks", "v1-2-3-1"), world.network("v1-2-3-1"));
  });

  it("follow the faults neverSyncs and otherGenesis", async () => {
    world = await TodayWorld.make(40);
    const nodes = await Promise.all([4, 8, 12].map((number) => world.node(number, { bootnode: 4 })));
    const [first, second, third] = nodes as [TodayNode, TodayNode, TodayNode];
    await until("sync", async () => (await second.status()).isSynced);
    await writeFaults(world.network(), { neverSyncs: ["miner-8"], otherGenesis: ["miner-12"] });
    const v2 = async (node: TodayNode) =>
      (await node.ask("/spacemesh.v2beta1.NodeService/Status")).body as Record<string, number | string>;
    const stuck = await until("the gap", async () => {
      const told = await v2(second);
      return Number(told.appliedLayer) > Number(told.processedLayer) ? told : undefined;
    });
    deepStrictEqual([stuck.status, (await v2(first)).status], ["SYNC_STATUS_SYNCING", "SYNC_STATUS_SYNCED"]);
    const id = async (node: TodayNode) => (await node.ask("/v1/mesh/genesisid")).body;
    notStrictEqual(JSON.stringify(await id(first)), JSON.stringify(await id(third)));
    strictEqual((await third.status()).peers, 0);
    strictEqual((await first.status()).peers, 1);
  });

  it("take POST alone on v1 and v2alpha1, and let listed origins read", async () => {
    world = await TodayWorld.make(0);
    const node = await world.node(1, { flags: ["--grpc-cors-allowed-origin=http://a.example"] });
    const get = (path: string) => answer(node.address, path, {});
    deepStrictEqual(await get("/v1/node/status"), {
      status: 501,
      body: { code: 12, message: "Method Not Allowed", details: [] },
    });
    strictEqual((await get("/spacemesh.v2alpha1.NodeService/Status")).status, 501);
    strictEqual((await get("/spacemesh.v2beta1.NodeService/Status")).status, 200);
    strictEqual((await get("/spacemesh.v2beta1.LayerService/List?limit=5")).status, 200);
    strictEqual((await get("/healthz")).status, 404);
    strictEqual((await node.ask("/v1/smesher/issmeshing")).status, 404);
    strictEqual((await node.ask("/v1/transaction/submittransaction", "{}")).status, 400);
    const origin = async (from: string) => {
      const url = `http://${node.address}:${JSON_PORT}/spacemesh.v2beta1.NodeService/Status`;
      return (await fetch(url, { headers: { origin: from } })).headers.get("access-control-allow-origin");
    };
    deepStrictEqual([await origin("http://a.example"), await origin("http://b.example")], ["http://a.example", null]);
  });

  it("serve private methods on the private listener alone", async () => {
    world = await TodayWorld.make(0);
    const [usual, open] = await Promise.all([
      world.node(1),
      world.node(2, { flags: ["--grpc-private-listener", "0.0.0.0:9093"] }),
    ]);
    const isSmeshing = "spacemesh.v1.SmesherService/IsSmeshing";
    strictEqual((await callNode(`${usual.address}:${PUBLIC_PORT}`, isSmeshing)).code, code.UNIMPLEMENTED);
    strictEqual((await callNode(`${usual.address}:9093`, isSmeshing)).code, code.UNAVAILABLE);
    strictEqual((await callNode(`${open.address}:9093`, isSmeshing)).code, code.OK);
    strictEqual((await callNode(`${open.address}:${PUBLIC_PORT}`, "spacemesh.v1.NodeService/Status")).code, code.OK);
    const services = await listServices(`${usual.address}:${PUBLIC_PORT}`);
    const names = ["Account", "Activation", "Layer", "Malfeasance", "Network", "Node", "Reward", "Transaction"];
    const v1 = ["Activation", "GlobalState", "Mesh", "Node", "Transaction"].map(
      (name) => `spacemesh.v1.${name}Service`,
    );
    const v2 = ["v2alpha1", "v2beta1"].flatMap((of) => names.map((name) => `spacemesh.${of}.${name}Service`));
    deepStrictEqual(services, [...v1, ...v2].sort());
  });

  it("wait for a poet, warn, and end at once when they are stopped meanwhile", async () => {
    world = await TodayWorld.make(0);
    const poet = (address: string) => ({ config: { main: { "poet-servers": [{ address, pubkey: "AA==" }] } } });
    const url = await world.serve({ "v1/info": { phaseShift: "30s", cycleGap: "30s", certifier: null } });
    const [node, lonely] = await Promise.all([world.node(1, poet(url)), world.begin(2, poet("http://127.0.0.1:9"))]);
    ok(!messages(node).includes("failed to fetch poet phase shift"));
    strictEqual(lonely.ready(), false);
    const before = Date.now();
    await lonely.stop();
    ok(Date.now() - before < 1000);
    const patient = await world.node(3, poet("http://127.0.0.1:9"));
    ok(messages(patient).includes("failed to fetch poet phase shift"));
    const other = await world.serve({ "v1/info": { phaseShift: "15s" } });
    const ended = await world.begin(4, poet(other));
    deepStrictEqual(await ended.ended, { exitCode: 1, reason: "Error" });
    match(ended.log.join("\n"), /"L":"FATAL".*failed to create poet service/);
  });

  it("refuse what the real node refuses, in its words", async () => {
    world = await TodayWorld.make(0);
    const genesis = { "genesis-time": "2026-11-28T07:01:06Z", "genesis-extra-data": "v1.2.3+1" };
    const cases: [wish: Parameters<TodayWorld["begin"]>[1], words: string][] = [
      [{ flags: ["--grpc-port=9092"] }, "Error: unknown flag: --grpc-port"],
      [{ flags: ["-z"] }, "Error: unknown shorthand flag: 'z' in -z"],
      [{ flags: ["--bootnodes"] }, "Error: flag needs an argument: --bootnodes"],
      [{ flags: ["-c", ""] }, "Error: opening config file: open : no such file or directory"],
      [{ config: { p2p: { "network-id": 7 } } }, "'p2p' has invalid keys: network-id"],
      [{ config: { surprise: {} } }, "'' has invalid keys: surprise"],
      [{ config: { main: { "genesis-time": "now", "layer-duration-sec": 5 } } }, "genesis-time, layer-duration-sec"],
      [{ config: { preset: "slownet" } }, "preset slownet is not registered"],
      [{ config: { genesis: { ...genesis, "genesis-extra-data": "" } } }, "wait until genesis-extra-data is available"],
      [{ config: { genesis: { ...genesis, "genesis-extra-data": "x".repeat(256) } } }, "longer than 255 symbols"],
      [{ config: { main: { "layer-duration": "fast" } } }, 'time: invalid duration "fast"'],
    ];
    for (const [wish, words] of cases) {
      const node = await world.begin(1, wish);
      deepStrictEqual(await node.ended, { exitCode: 1, reason: "Error" }, words);
      ok(node.log.join("\n").includes(words), `${words} in ${node.log.join("\n")}`);
      ok(node.log.includes("Usage:"));
    }
  });

  it("refuse another genesis and a key with a newline", async () => {
    world = await TodayWorld.make(0);
    const first = await world.node(1);
    await first.stop();
    const genesis = { "genesis-time": new Date(world.genesisTime).toISOString(), "genesis-extra-data": "other" };
    const moved = await world.begin(1, { config: { genesis } });
    deepStrictEqual(await moved.ended, { exitCode: 1, reason: "Error" });
    match(moved.log.join("\n"), /genesis config updated after node initialization/);
    const second = await world.node(2);
    await second.stop();
    writeFileSync(join(second.data, "identities/local.key"), `${"ab".repeat(64)}\n`);
    const broken = await world.begin(2);
    deepStrictEqual(await broken.ended, { exitCode: 1, reason: "Error" });
    match(broken.log.join("\n"), /decoding private key in local\.key: encoding\/hex: invalid byte: U\+000A/);
  });
});
