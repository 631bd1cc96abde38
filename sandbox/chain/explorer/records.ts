import { effectiveGenesis, epochOf, type LayerClock, layerStart } from "../clock";

/** Values that the node reports once: the parameters of the network. */
export interface NetworkParameters {
  /** Hex. */
  readonly genesisid: string;
  /** Seconds since 1970. */
  readonly genesis: number;
  /** Layers in an epoch. */
  readonly layers: number;
  /** Most transactions per second. */
  readonly maxtx: number;
  /** Length of a layer, in seconds. */
  readonly duration: number;
}

/** Values that the node reports repeatedly. */
export interface NodeProgress {
  readonly connectedpeers: number;
  readonly issynced: boolean;
  readonly syncedlayer: number;
  readonly toplayer: number;
  readonly verifiedlayer: number;
}

/** The record `networkinfo` (explorer-backend model/network_info.go). */
export interface NetworkInfo extends NetworkParameters, NodeProgress {
  readonly lastlayer: number;
  /** Start of the last layer, in seconds since 1970. */
  readonly lastlayerts: number;
  readonly lastapprovedlayer: number;
  readonly lastconfirmedlayer: number;
}

/** A record of `layers` (explorer-backend model/layer.go); times in seconds since 1970. */
export interface Layer {
  readonly number: number;
  /** Values of spacemesh.v1.Layer.LayerStatus: 0 open, 1 approved, 2 confirmed. */
  readonly status: number;
  readonly txs: number;
  readonly start: number;
  readonly end: number;
  readonly txsamount: number;
  readonly rewards: number;
  readonly epoch: number;
  /** Hex. */
  readonly hash: string;
  readonly blocksnumber: number;
}

/** A record of `epochs` (explorer-backend model/epoch.go); times in seconds since 1970. */
export interface Epoch {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly layerstart: number;
  readonly layerend: number;
  readonly layers: number;
  readonly stats: { readonly current: Statistics; readonly cumulative: Statistics };
}

export interface Statistics {
  readonly capacity: number;
  readonly decentral: number;
  readonly smeshers: number;
  readonly transactions: number;
  readonly accounts: number;
  readonly circulation: number;
  readonly rewards: number;
  readonly rewardsnumber: number;
  readonly security: number;
  readonly txsamount: number;
}

/** The simulated chain has no transactions, activations or rewards. */
const NO_STATISTICS: Statistics = {
  capacity: 0,
  decentral: 0,
  smeshers: 0,
  transactions: 0,
  accounts: 0,
  circulation: 0,
  rewards: 0,
  rewardsnumber: 0,
  security: 0,
  txsamount: 0,
};

/** Numbers of spacemesh.v1.Layer.LayerStatus. */
const STATUS: { readonly [name: string]: number } = {
  LAYER_STATUS_UNSPECIFIED: 0,
  LAYER_STATUS_APPROVED: 1,
  LAYER_STATUS_CONFIRMED: 2,
  LAYER_STATUS_APPLIED: 3,
};

export function networkInfo(parameters: NetworkParameters, progress: NodeProgress): NetworkInfo {
  const clock = clockOf(parameters);
  return {
    ...parameters,
    ...progress,
    lastlayer: progress.toplayer,
    lastlayerts: layerStart(clock, progress.toplayer) / 1000,
    lastapprovedlayer: progress.verifiedlayer,
    lastconfirmedlayer: progress.verifiedlayer,
  };
}

/** The record of a layer that the node reported. */
export function layerRecord(
  parameters: NetworkParameters,
  layer: { readonly number: number; readonly status: string; readonly hash: Buffer },
): Layer {
  const clock = clockOf(parameters);
  const start = layerStart(clock, layer.number) / 1000;
  return {
    number: layer.number,
    status: STATUS[layer.status] ?? 0,
    txs: 0,
    start,
    end: start + parameters.duration - 1,
    txsamount: 0,
    rewards: 0,
    epoch: epochOf(clock, layer.number),
    hash: layer.hash.toString("hex"),
    blocksnumber: layer.number > effectiveGenesis(clock) ? 1 : 0,
  };
}

export function epochRecord(parameters: NetworkParameters, number: number): Epoch {
  const clock = clockOf(parameters);
  const layerstart = number * parameters.layers;
  const start = layerStart(clock, layerstart) / 1000;
  return {
    number,
    start,
    end: start + parameters.layers * parameters.duration - 1,
    layerstart,
    layerend: layerstart + parameters.layers - 1,
    layers: parameters.layers,
    stats: { current: NO_STATISTICS, cumulative: NO_STATISTICS },
  };
}

const clockOf = ({ genesis, duration, layers }: NetworkParameters): LayerClock => ({
  genesisTime: genesis * 1000,
  layerDuration: duration,
  layersPerEpoch: layers,
});
