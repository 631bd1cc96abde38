import { effectiveGenesis } from "../clock";
import { layerHash } from "../hashes";
import type { Message } from "../protos";
import { blockId, rootAt } from "./node-state";
import { limitOf, numberOf } from "./paging";
import { paymentsV2 } from "./payments-v2";
import type { Call, NodeView } from "./served-node";

/** Hex digits of a hash that the node shows as text. */
const SHORT = 10;

/**
 * The public unary methods of v2alpha1 or v2beta1, which answer alike (go-spacemesh api/grpcserver/v2alpha1).
 * @param name full name of the package
 */
export function apiV2(name: string): Record<string, Call> {
  const empty =
    (list: string): Call =>
    (_, request) => {
      limitOf(request);
      return { [list]: [] };
    };
  return {
    [`${name}.NetworkService/Info`]: (node) => networkInfo(node.view()),
    [`${name}.NodeService/Status`]: (node) => nodeStatus(node.view()),
    [`${name}.LayerService/List`]: (node, request) => ({ layers: layers(node.view(), request) }),
    [`${name}.ActivationService/List`]: empty("activations"),
    [`${name}.ActivationService/ActivationsCount`]: () => ({ count: 0 }),
    [`${name}.RewardService/List`]: empty("rewards"),
    [`${name}.MalfeasanceService/List`]: empty("proofs"),
    ...paymentsV2(name),
  };
}

function networkInfo({ config, state }: NodeView): Message {
  return {
    genesis_time: { seconds: config.genesisTime / 1000 },
    layer_duration: {
      seconds: Math.floor(config.layerDuration),
      nanos: Math.round((config.layerDuration % 1) * 1e9),
    },
    genesis_id: state.genesisId,
    hrp: config.hrp,
    effective_genesis_layer: effectiveGenesis(config),
    layers_per_epoch: config.layersPerEpoch,
    labels_per_unit: config.labelsPerUnit,
  };
}

function nodeStatus({ peers, state }: NodeView): Message {
  return {
    connected_peers: peers,
    status: state.isSynced ? "SYNC_STATUS_SYNCED" : "SYNC_STATUS_SYNCING",
    latest_layer: state.latestLayer,
    applied_layer: state.appliedLayer,
    processed_layer: state.processedLayer,
    current_layer: state.topLayer,
  };
}

/** The layers with blocks that the node applied. Those before have no row in its database. */
function layers({ state }: NodeView, request: Message): Message[] {
  const limit = limitOf(request);
  const first = Math.max(numberOf(request.start_layer), state.firstLayer);
  const last = Math.min(numberOf(request.end_layer) || state.appliedLayer, state.appliedLayer);
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  if (request.sort_order === "DESC") all.reverse();
  const offset = numberOf(request.offset);
  return all.slice(offset, offset + limit).map((layer) => {
    const hash = layerHash(state.genesisId, layer);
    return {
      number: layer,
      status: "LAYER_STATUS_VERIFIED",
      consensus_hash: hash.toString("hex").slice(0, SHORT),
      state_hash: rootAt(state, layer),
      cumulative_state_hash: hash,
      block: { id: blockId(state, layer) },
    };
  });
}
