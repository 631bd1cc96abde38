import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import { createHash } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { genesisId } from "../../../sandbox/chain/hashes";
import { nodeName, nodeVersion } from "../../../sandbox/chain/node/node";
import { ApiError, answer, NODE_API, type NodeView, type ServedNode } from "../../../sandbox/chain/node/node-api";
import { parseNodeConfig, parseNodePorts } from "../../../sandbox/chain/node/node-config";
import { nodeState } from "../../../sandbox/chain/node/node-state";
import { fromJson, type JsonManner, toJson } from "../../../sandbox/chain/node/proto-json";
import { services } from "../../../sandbox/chain/protos";

const genesisText = "2024-05-01T12:00:00Z";
const file = {
  main: { "genesis-time": genesisText, "layer-duration-sec": 120, "layers-per-epoch": 60, hdist: 10 },
  p2p: { "network-id": 17, swarm: { bootnodes: [] } },
};

/** A synced node without peers at a layer. */
function served(layer: number): ServedNode {
  const config = parseNodeConfig(JSON.stringify(file));
  const now = config.genesisTime + layer * 120_000;
  const state = nodeState(config, [], { name: "miner-1", startedAt: 0 }, now);
  const view: NodeView = { config, state, peers: 0, version: "v1.2.3+1" };
  return { view: () => view, isSmeshing: true, shutdown: () => undefined };
}

const json = (path: string, type: string, manner: JsonManner, layer = 0) =>
  toJson(answer(path, served(layer), {}), type, manner);

describe("parseNodeConfig", () => {
  it("reads the clock and the text that go-spacemesh hashes to the genesis id", () => {
    const { genesisTime, layerDuration, layersPerEpoch, extraData } = parseNodeConfig(JSON.stringify(file));
    deepStrictEqual([genesisTime, layerDuration, layersPerEpoch], [Date.parse(genesisText), 120, 60]);
    const padded = Buffer.alloc(255);
    padded.write(extraData);
    const hash = createHash("sha256").update(genesisText).update(padded).digest();
    deepStrictEqual(genesisId(genesisText, extraData), hash.subarray(0, 20));
  });

  it("fails with one line that names every wrong key", () => {
    const broken = { ...file, main: { ...file.main, "genesis-time": "tomorrow", "layers-per-epoch": 0 } };
    throws(() => parseNodeConfig(JSON.stringify(broken)), /main\.genesis-time: .*; main\.layers-per-epoch: /);
  });
});

describe("parseNodePorts", () => {
  it("reads the ports from the string that go-spacecraft passes to a shell", () => {
    const line = "/bin/sh -c /bin/go-spacemesh --json-server=true --json-port=7000 --grpc-port=6000 ; sleep 100000000";
    deepStrictEqual(parseNodePorts(line), { grpc: 6000, json: 7000, metrics: 1010 });
  });

  it("keeps the node's defaults for ports that are not given", () => {
    deepStrictEqual(parseNodePorts("/bin/go-spacemesh"), { grpc: 9092, json: 9093, metrics: 1010 });
  });
});

describe("nodeName and nodeVersion", () => {
  it("read the Deployment from the pod's name and the version from the image's tag", () => {
    strictEqual(nodeName("miner-12-7d4f9b8c6d-x2x9k"), "miner-12");
    strictEqual(nodeVersion("registry:5000/spacemeshos/go-spacemesh:v1.2.3-b1"), "v1.2.3+1");
  });
});

describe("NODE_API", () => {
  it("has every unary method of the .proto files", () => {
    const unary = [...services()].flatMap(([service, methods]) =>
      Object.entries(methods).flatMap(([name, method]) => (method.responseStream ? [] : [`${service}/${name}`])),
    );
    deepStrictEqual(Object.keys(NODE_API).sort(), unary.sort());
  });

  it("refuses an empty echo and every transaction", () => {
    const refused = (path: string) =>
      throws(
        () => answer(path, served(0), {}),
        (error) => error instanceof ApiError && error.code === status.INVALID_ARGUMENT,
      );
    refused("spacemesh.v1.NodeService/Echo");
    refused("spacemesh.v1.TransactionService/SubmitTransaction");
  });

  it("returns a state root for verified layers only", () => {
    const request = { start_layer: { number: 197 }, end_layer: { number: 500 } };
    const { layer } = answer("spacemesh.v1.MeshService/LayersQuery", served(200), request);
    const layers = layer as { number: { number: number }; status: string; root_state_hash?: Buffer }[];
    deepStrictEqual(
      layers.map(({ number, status: s, root_state_hash }) => [number.number, s, root_state_hash?.length]),
      [
        [197, "LAYER_STATUS_CONFIRMED", 32],
        [198, "LAYER_STATUS_CONFIRMED", 32],
        [199, "LAYER_STATUS_UNSPECIFIED", undefined],
        [200, "LAYER_STATUS_UNSPECIFIED", undefined],
      ],
    );
  });
});

describe("toJson and fromJson", () => {
  it("omit zero values as grpc-gateway 1 does, but not the messages around them", () => {
    deepStrictEqual(json("spacemesh.v1.NodeService/Status", "spacemesh.v1.StatusResponse", "gateway1"), {
      status: { is_synced: true, synced_layer: {}, top_layer: {}, verified_layer: {} },
    });
  });

  it("write 64-bit numbers as strings and bytes as base64", () => {
    deepStrictEqual(json("spacemesh.v1.MeshService/GenesisTime", "spacemesh.v1.GenesisTimeResponse", "gateway1"), {
      unixtime: { value: String(Date.parse(genesisText) / 1000) },
    });
    const id = json("spacemesh.v1.MeshService/GenesisID", "spacemesh.v1.GenesisIDResponse", "gateway1");
    deepStrictEqual(id, { genesis_id: genesisId(genesisText, "17").toString("base64") });
  });

  it("write zero values in camelCase, and times and durations as text, as grpc-gateway 2 does", () => {
    const type = "spacemesh.v2alpha1.NodeStatusResponse";
    deepStrictEqual(json("spacemesh.v2alpha1.NodeService/Status", type, "gateway2", 130), {
      connectedPeers: "0",
      status: "SYNC_STATUS_SYNCED",
      latestLayer: 130,
      appliedLayer: 128,
      processedLayer: 128,
      currentLayer: 130,
    });
    const info = json("spacemesh.v2alpha1.NetworkService/Info", "spacemesh.v2alpha1.NetworkInfoResponse", "gateway2");
    deepStrictEqual(info, {
      genesisTime: genesisText,
      layerDuration: "120s",
      genesisId: genesisId(genesisText, "17").toString("base64"),
      hrp: "stest",
      effectiveGenesisLayer: 119,
      layersPerEpoch: 60,
      labelsPerUnit: "1024",
    });
  });

  it("accept field names in camelCase and snake_case", () => {
    deepStrictEqual(fromJson({ startLayer: { number: 3 } }), { start_layer: { number: 3 } });
    deepStrictEqual(fromJson({ start_layer: { number: 3 } }), { start_layer: { number: 3 } });
    ok(Object.keys(fromJson("text")).length === 0);
  });
});
