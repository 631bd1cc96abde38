import { effectiveGenesis } from "../model/network-facts";

/** What the judge goes by. All but the quorum are in layers of the network's clock. */
export interface Thresholds {
  /** Layers by which the verified layer usually trails the clock's: 2 in the era of go-spacecraft, 0 or 1 today. */
  readonly usualLag: number;
  /**
   * Layers without progress, beyond the usual pace, that make a stall. One late layer is common in a small network; a
   * second one in a row is a fault.
   */
  readonly stall: number;
}

/** What the judge knows of a network beforehand. */
export interface JudgedNetwork {
  /** Names of all managed nodes. */
  readonly nodes: readonly string[];
  /** Hexadecimal. */
  readonly genesisId: string;
  /** Start of layer 0, in milliseconds since 1970. */
  readonly genesisTime: number;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
}

/**
 * The number of nodes that decide: more than half. So those that lie or fall behind, if they are fewer than half, can
 * neither make a verdict nor prevent one.
 */
export const quorumOf = ({ nodes }: { readonly nodes: readonly unknown[] }): number => Math.floor(nodes.length / 2) + 1;

/** Layers from a network's first block to its verification (seen: blocks from 3N, verified from 3N + 3). */
const FIRST_VERIFICATION = 4;

/**
 * The first epoch for which nodes compute a beacon of their own. Blocks begin in it when nobody served them the beacon
 * of the epoch before (go-spacemesh bootstrap/updater.go).
 */
const FIRST_OWN_BEACON = 3;

/**
 * The layer by which a network must have verified its first block. Without a first beacon, blocks begin one epoch later
 * than the effective genesis.
 */
export const latestStart = ({ layersPerEpoch }: Pick<JudgedNetwork, "layersPerEpoch">): number =>
  FIRST_OWN_BEACON * layersPerEpoch + FIRST_VERIFICATION;

/** Where the blocks of a network begin that got no first beacon. */
export interface LateStart {
  readonly epoch: number;
  /** The first layer of that epoch. */
  readonly layer: number;
}

/**
 * Where the blocks of a network begin that has verified none, though it could have with a first beacon.
 * @param top layer of the network's clock
 * @returns undefined while it is too early to tell, and when it is too late even without a first beacon
 */
export function lateStart(network: Pick<JudgedNetwork, "layersPerEpoch">, top: number): LateStart | undefined {
  if (top <= effectiveGenesis(network) + FIRST_VERIFICATION || top > latestStart(network)) return undefined;
  return { epoch: FIRST_OWN_BEACON, layer: FIRST_OWN_BEACON * network.layersPerEpoch };
}

/** A late start in words. */
export const lateStartInWords = ({ epoch, layer }: LateStart): string =>
  `without a first beacon, blocks begin with epoch ${epoch}, at layer ${layer}`;

/** Longest time between two questions of one sample, in seconds: the time limit of a call. */
const SAMPLING_TIME = 5;

/** Layers by which the clocks of good nodes may differ in one sample. With short layers, the sample takes several. */
export const clockSlack = ({ layerDuration }: Pick<JudgedNetwork, "layerDuration">): number =>
  1 + Math.floor(SAMPLING_TIME / layerDuration);
