import { status } from "@grpc/grpc-js";
import { effectiveGenesis } from "../clock";
import { layerHash } from "../hashes";
import type { Message } from "../protos";
import type { NodeConfig } from "./node-config";
import { type NodeState, rootAt } from "./node-state";

/** A node at the time of a call. */
export interface NodeView {
  readonly config: NodeConfig;
  readonly state: NodeState;
  readonly peers: number;
  /** Version as the node reports it, e.g. `v1.2.3+1`. */
  readonly version: string;
}

/** The node as the API reads and changes it. */
export interface ServedNode {
  view(): NodeView;
  isSmeshing: boolean;
  shutdown(): void;
}

/** An error answer; `code` is the gRPC status. */
export class ApiError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

type Call = (node: ServedNode, request: Message) => Message;

const DONE: Message = { status: { code: status.OK } };
const EMPTY_LAYER_HASH = Buffer.alloc(32);
const BUILD = "sandbox";
const ADDRESS_PREFIX = "stest";
const LABELS_PER_UNIT = 1024;

/**
 * Unary methods of a node, by service and method. The answers equal those of go-spacemesh api/grpcserver
 * (node_service.go, mesh_service.go, globalstate_service.go, smesher_service.go, transaction_service.go, v2alpha1/).
 */
export const NODE_API: Readonly<Record<string, Call>> = {
  "spacemesh.v1.NodeService/Echo": (_, { msg }) => {
    if (!msg) throw new ApiError(status.INVALID_ARGUMENT, "Must include `Msg`");
    return { msg };
  },
  "spacemesh.v1.NodeService/Version": (node) => ({ version_string: { value: node.view().version } }),
  "spacemesh.v1.NodeService/Build": () => ({ build_string: { value: BUILD } }),
  "spacemesh.v1.NodeService/Status": (node) => ({ status: nodeStatus(node.view()) }),
  "spacemesh.v1.NodeService/SyncStart": () => DONE,
  "spacemesh.v1.NodeService/Shutdown": (node) => {
    node.shutdown();
    return DONE;
  },

  "spacemesh.v1.MeshService/GenesisTime": (node) => ({ unixtime: { value: genesisSeconds(node.view()) } }),
  "spacemesh.v1.MeshService/CurrentLayer": (node) => ({ layernum: { number: node.view().state.topLayer } }),
  "spacemesh.v1.MeshService/CurrentEpoch": (node) => ({ epochnum: { number: node.view().state.epoch } }),
  "spacemesh.v1.MeshService/GenesisID": (node) => ({ genesis_id: node.view().state.genesisId }),
  "spacemesh.v1.MeshService/EpochNumLayers": (node) => ({ numlayers: { number: node.view().config.layersPerEpoch } }),
  "spacemesh.v1.MeshService/LayerDuration": (node) => ({ duration: { value: node.view().config.layerDuration } }),
  "spacemesh.v1.MeshService/MaxTransactionsPerSecond": (node) => ({
    max_txs_per_second: { value: node.view().config.maxTransactionsPerSecond },
  }),
  "spacemesh.v1.MeshService/LayersQuery": (node, request) => ({ layer: layers(node.view(), request) }),

  "spacemesh.v1.GlobalStateService/GlobalStateHash": (node) => {
    const { config, state } = node.view();
    const layer = state.verifiedLayer;
    return { response: { root_hash: rootAt(config, state, layer), layer: { number: layer } } };
  },

  "spacemesh.v1.TransactionService/SubmitTransaction": (_, { transaction }) => {
    const isEmpty = !(transaction as Uint8Array | undefined)?.length;
    const fault = isEmpty ? "payload empty" : "must contain a valid, serialized transaction";
    throw new ApiError(status.INVALID_ARGUMENT, `\`Transaction\` ${fault}`);
  },

  "spacemesh.v1.SmesherService/IsSmeshing": (node) => ({ is_smeshing: node.isSmeshing }),
  "spacemesh.v1.SmesherService/StartSmeshing": (node) => setSmeshing(node, true),
  "spacemesh.v1.SmesherService/StopSmeshing": (node) => setSmeshing(node, false),

  "spacemesh.v2alpha1.NetworkService/Info": (node) => networkInfo(node.view()),
  "spacemesh.v2alpha1.NodeService/Status": (node) => nodeStatusToday(node.view()),
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
    synced_layer: { number: state.syncedLayer },
    top_layer: { number: state.topLayer },
    verified_layer: { number: state.verifiedLayer },
  };
}

function nodeStatusToday({ peers, state }: NodeView): Message {
  return {
    connected_peers: peers,
    status: state.isSynced ? "SYNC_STATUS_SYNCED" : "SYNC_STATUS_SYNCING",
    latest_layer: state.syncedLayer,
    applied_layer: state.verifiedLayer,
    processed_layer: state.verifiedLayer,
    current_layer: state.topLayer,
  };
}

function networkInfo(view: NodeView): Message {
  const { config, state } = view;
  return {
    genesis_time: { seconds: genesisSeconds(view) },
    layer_duration: { seconds: config.layerDuration },
    genesis_id: state.genesisId,
    hrp: ADDRESS_PREFIX,
    effective_genesis_layer: effectiveGenesis(config),
    layers_per_epoch: config.layersPerEpoch,
    labels_per_unit: LABELS_PER_UNIT,
  };
}

function layers({ config, state }: NodeView, request: Message): Message[] {
  const first = layerNumber(request.start_layer);
  const last = Math.min(layerNumber(request.end_layer), state.topLayer);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const layer = first + i;
    const isVerified = layer <= state.verifiedLayer;
    return {
      number: { number: layer },
      status: isVerified ? "LAYER_STATUS_CONFIRMED" : "LAYER_STATUS_UNSPECIFIED",
      hash: layer <= effectiveGenesis(config) ? EMPTY_LAYER_HASH : layerHash(state.genesisId, layer),
      ...(isVerified && { root_state_hash: rootAt(config, state, layer) }),
    };
  });
}

function setSmeshing(node: ServedNode, isSmeshing: boolean): Message {
  node.isSmeshing = isSmeshing;
  return DONE;
}

const genesisSeconds = ({ config }: NodeView): number => Math.floor(config.genesisTime / 1000);

const layerNumber = (message: unknown): number => (message as { number?: number } | null | undefined)?.number ?? 0;
