/** What a node says of itself, in either version of its API. */
export interface NodeStatus {
  /** Number of connected peers. */
  readonly connectedPeers: number;
  readonly isSynced: boolean;
  readonly syncedLayer: number;
  /** Layer of the node's clock. */
  readonly topLayer: number;
  readonly verifiedLayer: number;
}

/** What a poet says of itself: rounds in the era's versions, phases from 0.10 on (spacemeshos/poet, rpc/api). */
export type PoetInfo =
  | { readonly kind: "rounds"; readonly openRound: string; readonly executing: readonly string[] }
  /** In seconds. */
  | { readonly kind: "phases"; readonly phaseShift: number; readonly cycleGap: number };

/** What one asked part of the network said, or why it said nothing. */
export type Said<T> = { readonly said: T } | { readonly error: string };

/** What a node tells of itself. */
export interface NodeAnswer {
  readonly version: string;
  readonly genesisId: string;
  readonly status: NodeStatus;
}
