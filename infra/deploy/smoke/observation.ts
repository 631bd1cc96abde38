import type { NodeAnswer, PoetInfo, Said } from "../../base/model/sample";

/** One look at one node. */
export interface NodeSample {
  readonly name: string;
  readonly answer: Said<NodeAnswer>;
}

/** Everything that the suite has seen so far. */
export interface Observation {
  /** With what the newest look is compared: the first answer of each node, and once it is synced its first as such. */
  readonly first: readonly NodeSample[];
  /** The newest one. */
  readonly last: readonly NodeSample[];
  /** What each poet said, by name. */
  readonly poets: readonly { readonly name: string; readonly info: Said<PoetInfo> }[];
  /** State roots at one layer that every answering node has verified, once there is one after the effective genesis. */
  readonly roots?: {
    readonly layer: number;
    readonly nodes: readonly { readonly name: string; readonly root: Said<string> }[];
  };
}

/** What the network should be. */
export interface Expectation {
  /** Build tag. */
  readonly tag: string;
  /** Version that every node should tell. */
  readonly nodeVersion: string;
  /** First layer whose verification proves something. */
  readonly effectiveGenesis: number;
  /** Poets' phases in seconds, when config tells them. */
  readonly poetPhases?: { readonly phaseShift: number; readonly cycleGap: number };
}
