import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { statsContainer } from "../../../infra/deploy/network/kubernetes/stats-container";
import { ChainWorld } from "../../support/chain-world";

const IMAGE = "spacemeshos/explorer-stats-api:v2.1.0";
const SIZES = { image: IMAGE, layerDuration: 1, layersPerEpoch: 2, labelsPerUnit: 128, hrp: "stest" };

describe("the statistics API of a simulated network of today", () => {
  let world: ChainWorld;
  let database: string;
  beforeEach(async () => {
    world = await ChainWorld.make(20);
    database = join(world.folder, "state.sql");
  });
  afterEach(() => world.end());

  /** The environment of the container that the driver puts beside the last node, in a sandbox's folder. */
  const environment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const genesisTime = new Date(world.genesisTime).toISOString();
    const env = (statsContainer({ ...SIZES, genesisTime }).env ?? []).map(({ name, value = "" }) => [name, value]);
    return { ...Object.fromEntries(env), SPACEMESH_SQLITE: database, ...more };
  };
  const get = async (address: string, path: string) => {
    const response = await fetch(`http://${address}:5000${path}`);
    return { code: response.status, body: await response.text() };
  };

  it("tells how many layers the node's database has, once there is one", async () => {
    await rejects(world.program(IMAGE, environment()), /unable to open database file/);
    writeFileSync(database, "");
    const api = await world.program(IMAGE, environment());
    const { code, body } = await get(api.address, "/overview");
    strictEqual(code, 200);
    const { layers_count } = JSON.parse(body) as { layers_count: number };
    strictEqual(layers_count >= 20 && layers_count < 30, true, body);
    strictEqual(await api.ready(), true);
    rmSync(database);
    deepStrictEqual([await api.ready(), (await get(api.address, "/layer/7")).code], [false, 500]);
  });

  it("counts the accounts and the transactions that the node's database has", async () => {
    const [payer, guest] = ["stest1payer", "stest1guest"];
    const transactions = [
      { layer: 4, principal: payer },
      { layer: 7, principal: payer, destination: guest, amount: "700" },
      { layer: null, principal: payer, destination: guest, amount: "50" },
    ];
    writeFileSync(database, JSON.stringify({ accounts: 2, transactions }));
    const { address } = await world.program(IMAGE, environment());
    const told = async (path: string) => JSON.parse((await get(address, path)).body) as Record<string, unknown>;
    const counts = async (path: string) => {
      const { transactions_count, transactions_sum } = await told(path);
      return [transactions_count, transactions_sum];
    };
    const { accounts_count, transactions_count } = await told("/overview");
    deepStrictEqual([accounts_count, transactions_count], [2, 3]);
    deepStrictEqual(
      [await counts("/layer/7"), await counts("/layer/5"), await counts("/epoch/3"), await counts("/epoch/2")],
      [
        [1, 700],
        [0, 0],
        [1, 700],
        [1, 0],
      ],
    );
    const { sent, received } = await told(`/account/${payer}`);
    const paid = await told(`/account/${guest}`);
    deepStrictEqual([sent, received, paid.sent, paid.received, paid.transactions_count], [750, 0, 0, 750, 2]);
  });

  it("has the metrics of a process at a port of their own, and they at no other", async () => {
    writeFileSync(database, "");
    const api = await world.program(IMAGE, environment());
    const metrics = await fetch(`http://${api.address}:5070/metrics`);
    match(await metrics.text(), /^process_start_time_seconds \d+(\.\d+)?$/m);
    strictEqual((await fetch(`http://${api.address}:5070/overview`)).status, 404);
    strictEqual((await get(api.address, "/metrics")).code, 404);
    await api.stop();
    await rejects(fetch(`http://${api.address}:5070/metrics`));
  });

  it("waits for the database behind a shell that does", async () => {
    const { command = [], args = [] } = statsContainer({
      ...SIZES,
      genesisTime: new Date(world.genesisTime).toISOString(),
    });
    const context = world.context(IMAGE, "miner-5-5d9c7b6f4-x2x9k");
    const api = await world.start({ ...context, command, args, env: environment() });
    strictEqual(await api.ready(), false);
    writeFileSync(database, "");
    for (let code = 0; code !== 200; )
      code = await get(context.address, "/overview").then(
        (answer) => answer.code,
        () => wait(20, 0),
      );
    strictEqual(await api.ready(), true);
  });

  it("ends while it waits", async () => {
    const { command = [], args = [] } = statsContainer({
      ...SIZES,
      genesisTime: new Date(world.genesisTime).toISOString(),
    });
    const context = world.context(IMAGE, "miner-5-5d9c7b6f4-x2x9k");
    await (await world.start({ ...context, command, args, env: environment() })).stop();
  });

  it("has the paths that today's frontends read, and no others", async () => {
    writeFileSync(database, "");
    const { address } = await world.program(IMAGE, environment());
    for (const path of ["/circulation", "/layer/7", "/epoch/1", "/epoch/1/decentral", "/smeshers", "/smeshers/3"])
      strictEqual((await get(address, path)).code, 200, path);
    for (const path of ["/healthz", "/network-info", "/refresh/overview", "/epoch/x", "/"])
      strictEqual((await get(address, path)).code, 404, path);
  });

  it("keeps an answer for ever unless it is told for how long", async () => {
    writeFileSync(database, "");
    const genesis = { SPACEMESH_GENESIS_TIME: new Date(Date.now() - 1000).toISOString() };
    const tell = async (more: Readonly<Record<string, string>>) => {
      const { address } = await world.program(
        IMAGE,
        environment({ ...genesis, ...more, SPACEMESH_LAYER_DURATION: "1ms" }),
      );
      const ask = async () => JSON.parse((await get(address, "/overview")).body) as { layers_count: number };
      const first = await ask();
      const limit = Date.now() + 300;
      let last = first;
      while (last.layers_count === first.layers_count && Date.now() < limit) last = await ask();
      return last.layers_count > first.layers_count;
    };
    deepStrictEqual(
      [await tell({ SPACEMESH_CACHE_TTL: "" }), await tell({ SPACEMESH_CACHE_TTL: "10ms" })],
      [false, true],
    );
  });

  it("does not start without the network's genesis time, or with another text", async () => {
    writeFileSync(database, "");
    const start = (time: string) => world.program(IMAGE, environment({ SPACEMESH_GENESIS_TIME: time }));
    await rejects(start(""), /Required flag "genesis-time" not set/);
    await rejects(start("yesterday"), /cannot parse genesis time yesterday/);
    await rejects(
      world.program(IMAGE, environment({ SPACEMESH_LAYER_DURATION: "5" })),
      /could not parse "5" as duration/,
    );
  });
});

describe("the frontends of a simulated network of today", () => {
  it("read the list at their own host, and the APIs of its first network", async () => {
    const world = await ChainWorld.make(0);
    try {
      const env = { REACT_APP_DISCOVERY_SERVICE_URL: "/networks.json" };
      for (const name of ["explorer-frontend", "dash-frontend"]) {
        const { address } = await world.program(`spacemeshos/${name}:v0.1.0`, env);
        const page = await (await fetch(`http://${address}:8080/`)).text();
        match(page, /ask\("\/networks\.json"\)/);
        match(page, /network\.statsAPI/);
      }
      const { address } = await world.program("spacemeshos/explorer-frontend:v0.1.0", env);
      const codes = ["accounts/stest1qqqq", "txs/0a1b", "accounts", "else"].map(
        async (path) => (await fetch(`http://${address}:8080/${path}`)).status,
      );
      deepStrictEqual(await Promise.all(codes), [200, 200, 404, 404]);
    } finally {
      await world.end();
    }
  });
});
