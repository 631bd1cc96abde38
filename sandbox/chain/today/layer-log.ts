import type { NodeLog } from "./node-log";
import type { NodeView } from "./served-node";

/** Layers before the end of epoch 1 and later ones at which an ATX is published. */
const MIDDLE = 2;

/**
 * Writes the lines of a layer: `sync state change` when the node begins or ends to be synced, and for a node that
 * smeshes `proposal created` in every layer and `atx published` in the middle of every epoch from the second on.
 * @param identity public key that smeshes, in hex
 */
export function tellLayer(log: NodeLog, identity: string): (view: NodeView) => void {
  let wasSynced = false;
  let publishedIn = 0;
  return ({ config, state, peers }) => {
    if (state.isSynced !== wasSynced) {
      const name = (isSynced: boolean) => (isSynced ? "synced" : "notSynced");
      log.info("sync", "sync state change", {
        "from state": name(wasSynced),
        "to state": name(state.isSynced),
        current: String(state.topLayer),
        "last synced": String(state.latestLayer),
        latest: String(state.latestLayer),
        processed: String(state.processedLayer),
      });
      wasSynced = state.isSynced;
    }
    const isConnected = peers > 0 || config.isStandalone;
    if (!config.isSmeshing || !isConnected) return;
    const smesher = identity.slice(0, 10);
    const isMiddle = (state.topLayer % config.layersPerEpoch) * MIDDLE >= config.layersPerEpoch;
    if (state.epoch >= 1 && isMiddle && publishedIn < state.epoch) {
      publishedIn = state.epoch;
      log.info("atxBuilder", "atx published", { atx_id: `${smesher.slice(0, 6)}${state.epoch}`, size: 1_500 });
    }
    if (state.topLayer < state.firstLayer || !state.isSynced) return;
    log.info("proposalBuilder", "proposal created", { layer_id: state.topLayer, epoch_id: state.epoch, smesher });
  };
}
