import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { WebSocket } from "ws";
import { MONGO_IMAGE } from "../../../infra/deploy/explorer/database";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { ChainWorld, until } from "../../support/chain-world";

/** The user of a database; its password comes with it. */
const USER = { MONGO_INITDB_ROOT_USERNAME: "u" };

interface Info {
  readonly genesisid: string;
  readonly genesis: number;
  readonly toplayer: number;
  readonly issynced: boolean;
}

describe("explorer and dashboard of a simulated network", function () {
  this.timeout(10_000);

  let world: ChainWorld;
  let env: Record<string, string>;

  before(async () => {
    world = await ChainWorld.make(20);
    const node = await world.node(1);
    const mongo = await world.program(MONGO_IMAGE, { ...USER, MONGO_INITDB_ROOT_PASSWORD: "0f" });
    env = { SPACEMESH_NODE: `${node.address}:6000`, SPACEMESH_MONGO_URI: `mongodb://u:0f@${mongo.address}:27017` };
  });
  after(() => world.end());

  const collector = () => world.program("spacemeshos/explorer-collector:v0.0.21", env);
  const explorer = () => world.program("spacemeshos/explorer-apiserver:v0.0.21", env);
  const dashboard = () => world.program("spacemeshos/dash-backend:v0.0.2", env);

  const get = async (address: string, path: string) => {
    const response = await fetch(`http://${address}${path}`);
    return { code: response.status, body: await response.text() };
  };
  const networkInfo = async (address: string) =>
    (JSON.parse((await get(address, ":5000/network-info")).body) as { network: Info }).network;

  it("are not ready and have no data without a collector", async () => {
    const [api, dash] = await Promise.all([explorer(), dashboard()]);
    await until("the database", async () => (await get(api.address, ":5000/healthz")).code === 200);
    strictEqual((await get(api.address, ":5000/network-info")).code, 500);
    deepStrictEqual(await get(dash.address, ":8080/healthz"), { code: 425, body: "SYNCING" });
    deepStrictEqual([await api.ready(), await dash.ready()], [false, false]);
    const socket = new WebSocket(`ws://${dash.address}:8080/ws`);
    const [code] = await once(socket, "close");
    strictEqual(code, 1013);
  });

  it("return the collector's data from the node, layer by layer", async () => {
    const [collecting, api] = await Promise.all([collector(), explorer()]);
    await until("the collector's readiness", () => collecting.ready());
    await until("the explorer's readiness", () => api.ready());
    await until("sync", async () => (await get(api.address, ":5000/synced")).code === 200);
    const info = await networkInfo(api.address);
    match(info.genesisid, /^[0-9a-f]{40}$/);
    strictEqual(info.genesis * 1000, world.genesisTime);
    await until("the next layer", async () => (await networkInfo(api.address)).toplayer > info.toplayer);
    const layers = JSON.parse((await get(api.address, ":5000/layers?pagesize=3")).body) as {
      data: { number: number }[];
    };
    strictEqual(layers.data.length, 3);
    ok((layers.data[0]?.number ?? 0) > info.toplayer);
    await collecting.stop();
  });

  it("push the network's state to the dashboard's clients at once and with every layer", async () => {
    const [collecting, dash] = await Promise.all([collector(), dashboard()]);
    await until("the dashboard's readiness", async () => (await collecting.ready()) && (await dash.ready()));
    const socket = new WebSocket(`ws://${dash.address}:8080/ws`);
    const next = async () =>
      JSON.parse(String((await once(socket, "message"))[0])) as { network: string; layer: number };
    const first = await next();
    match(first.network, /^[0-9a-f]{40}$/);
    await until("the next layer", async () => (await next()).layer > first.layer);
    deepStrictEqual(await get(dash.address, ":8080/healthz"), { code: 200, body: "SYNCED" });
    const closed = once(socket, "close");
    await Promise.all([dash.stop(), collecting.stop()]);
    await closed;
  });

  it("have an unready collector while the node is deaf", async () => {
    const collecting = await collector();
    await until("the collector's readiness", () => collecting.ready());
    await writeFaults(world.folder, { deaf: ["miner-1"] });
    await until("the loss", async () => !(await collecting.ready()));
    await writeFaults(world.folder, {});
    await until("the return", () => collecting.ready());
    await collecting.stop();
  });

  it("answer 503 without their database", async () => {
    const mongo = await world.program(MONGO_IMAGE);
    const own = { ...env, SPACEMESH_MONGO_URI: `mongodb://${mongo.address}:27017` };
    const api = await world.program("spacemeshos/explorer-apiserver:v0.0.21", own);
    await until("the database", async () => (await get(api.address, ":5000/healthz")).code === 200);
    await mongo.stop();
    await until("the loss", async () => (await get(api.address, ":5000/healthz")).code === 503);
  });

  it("wait for a database that refuses connections until it is available", async () => {
    const address = world.reserve();
    const own = { ...env, SPACEMESH_MONGO_URI: `mongodb://${address}:27017` };
    const api = await world.program("spacemeshos/explorer-apiserver:v0.0.21", own);
    strictEqual((await get(api.address, ":5000/healthz")).code, 503);
    await world.program(MONGO_IMAGE, {}, address);
    await until("the database", async () => (await get(api.address, ":5000/healthz")).code === 200);
  });

  it("get nothing from a database with another password, or without one", async () => {
    const mongo = await world.program(MONGO_IMAGE, { ...USER, MONGO_INITDB_ROOT_PASSWORD: "1a" });
    const apiBy = (login: string) =>
      world.program("spacemeshos/explorer-apiserver:v0.0.21", {
        SPACEMESH_MONGO_URI: `mongodb://${login}${mongo.address}:27017`,
      });
    const [right, wrong, none] = await Promise.all([apiBy("u:1a@"), apiBy("u:0f@"), apiBy("")]);
    await until("the database", async () => (await get(right.address, ":5000/healthz")).code === 200);
    for (const { address } of [wrong, none]) strictEqual((await get(address, ":5000/healthz")).code, 503);
  });

  it("have a database that tells a client of HTTP that it runs, and nothing else", async () => {
    const mongo = await world.program(MONGO_IMAGE, { ...USER, MONGO_INITDB_ROOT_PASSWORD: "1a" });
    const { code, body } = await get(mongo.address, ":27017/");
    strictEqual(code, 200);
    match(body, /^It looks like you are trying to access MongoDB over HTTP on the native driver port\.\r\n$/);
  });

  it("have a database that wants user and password together", async () => {
    await rejects(world.program(MONGO_IMAGE, USER), /both MONGO_INITDB_ROOT_USERNAME and/);
  });

  it("do not start without the addresses of node and database", async () => {
    await rejects(world.program("spacemeshos/explorer-collector:v0.0.21"), /SPACEMESH_NODE is not set/);
    await rejects(world.program("spacemeshos/explorer-apiserver:v0.0.21"), /SPACEMESH_MONGO_URI is not set/);
  });
});

describe("explorer and dashboard frontends", () => {
  it("serve a page that reads the API of its own host", async () => {
    const world = await ChainWorld.make(0);
    try {
      const explorer = await world.program("spacemeshos/explorer-frontend:v0.0.1");
      const dash = await world.program("spacemeshos/dash-frontend:v0.0.1");
      const page = async (address: string) => (await fetch(`http://${address}:8080/`)).text();
      match(await page(explorer.address), /"\/api\/network-info"/);
      match(await page(dash.address), /\$\{location\.host\}\/ws/);
      const style = await fetch(`http://${dash.address}:8080/style.css`);
      strictEqual(style.headers.get("content-type"), "text/css; charset=utf-8");
      strictEqual((await fetch(`http://${dash.address}:8080/nothing`)).status, 404);
    } finally {
      await world.end();
    }
  });
});
