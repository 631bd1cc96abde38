import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { type NodeClient, nodeClient } from "../../../sandbox/chain/explorer/node-client";
import type { Message } from "../../../sandbox/chain/protos";
import { writeFaults } from "../../../sandbox/kubernetes/faults";
import { ChainWorld, type StartedNode, until } from "../../support/chain-world";

interface Status {
  readonly connected_peers?: string;
  readonly is_synced?: boolean;
  readonly top_layer: { readonly number: number };
  readonly verified_layer: { readonly number: number };
}

const lag = ({ top_layer, verified_layer }: Status): number => top_layer.number - verified_layer.number;

describe("simulated nodes", function () {
  this.timeout(10_000);

  let world: ChainWorld;
  let nodes: StartedNode[];
  let clients: NodeClient[];

  before(async () => {
    world = await ChainWorld.make(20);
    nodes = await Promise.all([1, 2, 3].map((number) => world.node(number)));
    clients = nodes.map(({ address }) => nodeClient(`${address}:6000`));
    await until("sync", async () => (await Promise.all([0, 1, 2].map(status))).every(({ is_synced }) => is_synced));
  });
  afterEach(() => writeFaults(world.folder, {}));
  after(async () => {
    for (const client of clients) client.close();
    await world.end();
  });

  const call = (index: number, method: string, request?: Message): Promise<Message> =>
    (clients[index] as NodeClient).call(`spacemesh.v1.${method}`, request);
  const status = async (index: number): Promise<Status> => (await call(index, "NodeService/Status")).status as Status;
  const genesisId = async (index: number): Promise<string> =>
    ((await call(index, "MeshService/GenesisID")).genesis_id as Buffer).toString("hex");
  const root = async (index: number, number: number): Promise<string> => {
    const { layer } = await call(index, "MeshService/LayersQuery", { start_layer: { number }, end_layer: { number } });
    const [found] = layer as [{ root_state_hash: Buffer }];
    return found.root_state_hash.toString("hex");
  };
  const post = async (path: string, body?: string) => {
    const response = await fetch(`http://${nodes[0]?.address}:7000${path}`, { method: "POST", body });
    return { code: response.status, body: (await response.json()) as unknown };
  };

  it("agree on the network and follow its clock", async () => {
    const [first, second] = await Promise.all([status(0), status(1)]);
    const top = (Date.now() - world.genesisTime) / 1000;
    ok(first.top_layer.number <= top && first.top_layer.number > top - 1.1, `${first.top_layer.number} at ${top}`);
    strictEqual(first.verified_layer.number, first.top_layer.number - 2);
    ok(second.top_layer.number - first.top_layer.number <= 1);
    deepStrictEqual([first.is_synced, first.connected_peers], [true, "2"]);
    strictEqual(await genesisId(0), await genesisId(1));
    strictEqual(await root(0, 15), await root(2, 15));
  });

  it("report the version of their image's tag", async () => {
    deepStrictEqual(await call(0, "NodeService/Version"), { version_string: { value: "v1.2.3+1" } });
  });

  it("stream their status at once and with every layer", async () => {
    const stream = (clients[0] as NodeClient).statusStream();
    const tops: number[] = [];
    for await (const message of stream) {
      tops.push((message as { status: Status }).status.top_layer.number);
      if (tops.length === 2) break;
    }
    strictEqual(tops[1], (tops[0] ?? 0) + 1);
  });

  it("serve JSON in the forms of grpc-gateway 1 and 2", async () => {
    const first = await post("/v1/node/status");
    deepStrictEqual((first.body as { status: { connected_peers: string } }).status.connected_peers, "2");
    const second = await post("/spacemesh.v2alpha1.NodeService/Status");
    strictEqual((second.body as { status: string }).status, "SYNC_STATUS_SYNCED");
    deepStrictEqual(await post("/v1/smesher/issmeshing"), { code: 200, body: { is_smeshing: true } });
    deepStrictEqual(await post("/v1/node/echo", '{"msg":{"value":"hello"}}'), {
      code: 200,
      body: { msg: { value: "hello" } },
    });
    strictEqual((await post("/v1/node/echo")).code, 400);
    strictEqual((await post("/v1/node/nothing")).code, 404);
    strictEqual((await fetch(`http://${nodes[0]?.address}:7000/v1/node/status`)).status, 405);
  });

  it("serve metrics for Prometheus", async () => {
    const response = await fetch(`http://${nodes[0]?.address}:1010/metrics`);
    match(await response.text(), /^spacemesh_p2p_connected_peers 2$/m);
  });

  it("log their identity and one line per layer", async () => {
    const log = nodes[0]?.log ?? [];
    match(log.join("\n"), /"M":"Local node identity >> [0-9a-f]{64}"/);
    await until("a line of a layer", () => log.some((line) => line.includes("release tick")));
    const tick = JSON.parse(log.find((line) => line.includes("release tick")) ?? "{}") as { [field: string]: unknown };
    deepStrictEqual([tick.L, typeof tick.layer_id, tick.peers], ["INFO", "number", 2]);
  });

  it("stop verifying in a stall and catch up after it", async () => {
    await writeFaults(world.folder, { stall: true });
    const { top_layer, verified_layer } = await until("the stall", async () => {
      const told = await status(0);
      return lag(told) > 2 ? told : undefined;
    });
    const later = await until("another layer", async () => {
      const told = await status(1);
      return told.top_layer.number > top_layer.number ? told : undefined;
    });
    strictEqual(later.verified_layer.number, verified_layer.number);
    await writeFaults(world.folder, {});
    await until("the catch-up", async () => lag(await status(0)) === 2);
  });

  it("return different roots in a split", async () => {
    await writeFaults(world.folder, { split: true });
    const layer = (await status(0)).verified_layer.number;
    await until("the split", async () => (await root(0, layer)) !== (await root(1, layer)));
    strictEqual(await root(0, layer), await root(2, layer));
  });

  it("refuse connections and do not count as peers while they are deaf", async () => {
    const [node] = nodes;
    await writeFaults(world.folder, { deaf: ["miner-1"] });
    await until("deafness", () => node?.ready() === false);
    await rejects(connected(node?.address ?? "", 7000), { code: "ECONNREFUSED" });
    await rejects(connected(node?.address ?? "", 6000), { code: "ECONNREFUSED" });
    strictEqual((await status(1)).connected_peers, "1");
    await writeFaults(world.folder, {});
    await until("hearing again", () => node?.ready());
    await connected(node?.address ?? "", 6000);
  });

  it("follow the faults lateSync and otherGenesis", async () => {
    await writeFaults(world.folder, { lateSync: ["miner-2"], otherGenesis: ["miner-3"] });
    await until("lateness", async () => !(await status(1)).is_synced);
    notStrictEqual(await genesisId(0), await genesisId(2));
  });

  it("end after a call of Shutdown", async () => {
    const node = await world.node(9);
    const client = nodeClient(`${node.address}:6000`);
    await client.call("spacemesh.v1.NodeService/Shutdown");
    client.close();
    deepStrictEqual(await node.ended, { exitCode: 0, reason: "Completed" });
  });

  it("free their ports when they are stopped", async () => {
    const node = await world.node(8);
    const client = nodeClient(`${node.address}:6000`);
    const stream = client.statusStream();
    stream.on("error", () => undefined);
    await client.call("spacemesh.v1.NodeService/Version");
    const before = Date.now();
    await node.stop();
    ok(Date.now() - before < 500, "stopping takes no time, even with callers");
    await rejects(connected(node.address, 6000), { code: "ECONNREFUSED" });
    client.close();
  });

  it("stay stalled after a restart of their runner", async () => {
    const other = await ChainWorld.make(20);
    try {
      const first = await other.node(1);
      const told = async ({ address }: StartedNode) => {
        const response = await fetch(`http://${address}:7000/spacemesh.v2alpha1.NodeService/Status`);
        return (await response.json()) as { status: string; currentLayer: number; appliedLayer: number };
      };
      await until("sync", async () => (await told(first)).status === "SYNC_STATUS_SYNCED");
      await writeFaults(other.folder, { stall: true });
      const before = await until("the stall", async () => {
        const { currentLayer, appliedLayer } = await told(first);
        return currentLayer - appliedLayer > 2 ? appliedLayer : undefined;
      });
      await first.stop();
      const again = await other.node(2);
      await until("sync", async () => (await told(again)).appliedLayer === before);
    } finally {
      await other.end();
    }
  });

  it("do not start with a config without genesis time", async () => {
    const other = await ChainWorld.make(20);
    await writeFile(`${other.folder}/config.json`, '{"main":{},"p2p":{}}');
    await rejects(other.node(1), /main\.genesis-time/);
    await other.end();
  });
});

/** Connects and disconnects. Rejects when the connection is refused. */
function connected(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}
