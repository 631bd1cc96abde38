import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveNetwork } from "../../../infra/archive/run";
import { runWith } from "../../../infra/base/lib/run";
import type { AnsweredSample, SilentSample } from "../../../infra/base/model/sample";
import { openStore } from "../../../infra/base/store/open";
import { ChainWorld } from "../../support/chain-world";
import { LogApi } from "../../support/log-api";
import { KEYED } from "../../support/record-key";

const TAG = "v1.2.3+1";

describe("archiveNetwork on running nodes", function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-archive-"));
  const api = new LogApi();
  let world: ChainWorld;

  before(async () => {
    world = await ChainWorld.make(8);
  });
  after(async () => {
    api.stop();
    await world.end();
    rmSync(folder, { recursive: true });
  });

  it("keeps a last sample of each node at its address of today, also of a node that does not answer (T34)", async () => {
    // The first node has another address since its machine was replaced, the second one is gone.
    api.items["/nodes"] = [{ status: { addresses: [{ type: "ExternalIP", address: (await world.node(1)).address }] } }];
    api.items["/services"] = [
      { metadata: { name: "miner-1" }, spec: { ports: [{ name: "grpcport", port: 1, nodePort: 6000 }] } },
    ];
    const nodes = [{ name: "miner-1", grpc: "127.0.0.1:2", json: "127.0.0.1:7000" }];
    nodes.push({ name: "miner-2", grpc: "127.0.0.1:1", json: "127.0.0.1:1" });
    const facts = {
      tag: TAG,
      cluster: "v1-2-3-1",
      genesisTime: new Date(world.genesisTime).toISOString(),
      layerDuration: 1,
      layersPerEpoch: 2,
      netId: 7,
      nodes,
      poets: [],
      nodeConfig: "{}",
    };
    const record = { tag: TAG, documents: { "facts.json": facts } };
    const store = openStore(`file://${folder}`, KEYED);
    const { objects } = await archiveNetwork({ store, record, kubeconfig: await api.start() }, runWith());
    ok(objects.some(({ key }) => key === "samples.json"));
    const file = join(folder, `archives/${TAG}/1/samples.json`);
    const [first, second, ...more] = JSON.parse(readFileSync(file, "utf8")) as [AnsweredSample, SilentSample];
    deepStrictEqual(more, []);
    // How far it is synced by then depends on the node.
    deepStrictEqual([first?.node, first?.reachable, typeof first?.synced], ["miner-1", true, "boolean"]);
    ok((first?.topLayer ?? 0) >= 8, JSON.stringify(first));
    ok(Number.isInteger(first?.syncedLayer) && Number.isInteger(first?.verifiedLayer), JSON.stringify(first));
    strictEqual(Math.abs(Date.now() - Date.parse(first?.at ?? "")) < 20_000, true);
    deepStrictEqual(second, { node: "miner-2", at: second?.at, reachable: false });
  });
});
