import type { PoetPhases } from "../../base/model/network-spec";
import type { NodeSample, PoetInfo, Said } from "../../base/model/sample";

/** Everything that the smoke test saw so far. */
export interface Observation {
  /** What the newest samples are compared with: each node's first answer, replaced by its first one as synced. */
  readonly first: readonly NodeSample[];
  /** The newest samples. */
  readonly last: readonly NodeSample[];
  /** What each poet reported, by name. */
  readonly poets: readonly { readonly name: string; readonly info: Said<PoetInfo> }[];
  /** State roots at one layer that every answering node verified, once there is one after the effective genesis. */
  readonly roots?: {
    readonly layer: number;
    readonly nodes: readonly { readonly name: string; readonly root: Said<string> }[];
  };
}

/** What the network should be. */
export interface Expectation {
  /** Build tag. */
  readonly tag: string;
  /** Version that every node should report. */
  readonly nodeVersion: string;
  /** The commit that was deployed. */
  readonly commit: string;
  /** Genesis id of every node, hexadecimal; absent where only the nodes tell it. */
  readonly genesisId?: string;
  /** First layer whose verification proves something. */
  readonly effectiveGenesis: number;
  /** Layers in an epoch. */
  readonly layersPerEpoch: number;
  /** Whether blocks wait for a beacon that the network serves, as those of today's nodes do. */
  readonly needsBeacon?: boolean;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** Configured phases of the poets, if known. */
  readonly poetPhases?: PoetPhases;
}
