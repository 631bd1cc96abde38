import { status } from "@grpc/grpc-js";
import { effectiveGenesis } from "../clock";
import { layerHash } from "../hashes";
import { ApiError } from "../node/node-api";
import type { Message } from "../protos";
import { apiV2 } from "./node-api-v2";
import { blockId, rootAt } from "./node-state";
import { fieldOf, PAYMENTS_V1 } from "./payments-v1";
import type { Call, NodeView, ServedNode } from "./served-node";

/** Build of the simulator, where the node tells its commit. */
const BUILD = "sandbox";

const ATX_ID_BYTES = 32;

/** Root of the state before the first block. */
const NO_ROOT = Buffer.alloc(32);

/**
 * Unary methods of a node, by service and method. The answers equal those of go-spacemesh 1.8 api/grpcserver/v1 and
 * api/grpcserver/v2alpha1.
 */
export const NODE_API: Readonly<Record<string, Call>> = {
  "spacemesh.v1.NodeService/Echo": (_, { msg }) => {
    if (!msg) throw new ApiError(status.INVALID_ARGUMENT, "Must include `Msg`");
    return { msg };
  },
  "spacemesh.v1.NodeService/Version": (node) => ({ version_string: { value: node.view().version } }),
  "spacemesh.v1.NodeService/Build": () => ({ build_string: { value: BUILD } }),
  "spacemesh.v1.NodeService/Status": (node) => ({ status: nodeStatus(node.view()) }),
  "spacemesh.v1.NodeService/NodeInfo": (node) => nodeInfo(node.view()),

  "spacemesh.v1.MeshService/GenesisTime": (node) => ({ unixtime: { value: node.view().config.genesisTime / 1000 } }),
  "spacemesh.v1.MeshService/CurrentLayer": (node) => ({ layernum: { number: node.view().state.topLayer } }),
  "spacemesh.v1.MeshService/CurrentEpoch": (node) => ({ epochnum: { number: node.view().state.epoch } }),
  "spacemesh.v1.MeshService/GenesisID": (node) => ({ genesis_id: node.view().state.genesisId }),
  "spacemesh.v1.MeshService/EpochNumLayers": (node) => ({ numlayers: { number: node.view().config.layersPerEpoch } }),
  "spacemesh.v1.MeshService/LayerDuration": (node) => ({
    duration: { value: Math.floor(node.view().config.layerDuration) },
  }),
  "spacemesh.v1.MeshService/LayersQuery": (node, request) => ({ layer: layers(node.view(), request) }),

  "spacemesh.v1.GlobalStateService/GlobalStateHash": (node) => {
    const { state } = node.view();
    const layer = state.appliedLayer;
    return { response: { root_hash: rootAt(state, layer) ?? NO_ROOT, layer: { number: layer } } };
  },
  ...PAYMENTS_V1,

  "spacemesh.v1.ActivationService/Get": (_, { id }) => {
    const length = id instanceof Uint8Array ? id.length : 0;
    if (length !== ATX_ID_BYTES)
      throw new ApiError(status.INVALID_ARGUMENT, `invalid ATX ID length (${length}), expected (${ATX_ID_BYTES})`);
    throw new ApiError(status.NOT_FOUND, "id was not found");
  },

  "spacemesh.v1.AdminService/Recover": (node) => {
    node.shutdown();
    return {};
  },
  "spacemesh.v1.DebugService/NetworkInfo": (node) => ({ id: node.view().peerId }),
  "spacemesh.v1.SmesherService/IsSmeshing": (node) => ({ is_smeshing: node.view().config.isSmeshing }),

  ...apiV2("spacemesh.v2alpha1"),
  ...apiV2("spacemesh.v2beta1"),
};

/**
 * A node's answer to a unary method, e.g. `spacemesh.v1.NodeService/Status`.
 * @throws {ApiError}
 */
export function answer(path: string, node: ServedNode, request: Message): Message {
  const call = NODE_API[path];
  if (!call) throw new ApiError(status.UNIMPLEMENTED, `unknown method ${path}`);
  return call(node, request);
}

/** The message `spacemesh.v1.NodeStatus`. */
export function nodeStatus({ peers, state }: NodeView): Message {
  return {
    connected_peers: peers,
    is_synced: state.isSynced,
    synced_layer: { number: state.latestLayer },
    top_layer: { number: state.topLayer },
    verified_layer: { number: state.appliedLayer },
  };
}

function nodeInfo({ config }: NodeView): Message {
  const genesis = effectiveGenesis(config);
  return {
    hrp: config.hrp,
    first_genesis: genesis,
    effective_genesis: genesis,
    epoch_size: config.layersPerEpoch,
  };
}

function layers({ state }: NodeView, request: Message): Message[] {
  const first = layerNumber(request.start_layer);
  const last = Math.min(layerNumber(request.end_layer), state.topLayer);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const layer = first + i;
    const root = rootAt(state, layer);
    const number = { number: { number: layer } };
    if (!root) return number;
    return {
      ...number,
      status: "LAYER_STATUS_CONFIRMED",
      hash: layerHash(state.genesisId, layer),
      blocks: [{ id: blockId(state, layer) }],
      root_state_hash: root,
    };
  });
}

function layerNumber(message: unknown): number {
  const number = fieldOf(message, "number");
  return typeof number === "number" ? number : 0;
}
