/**
 * What one node reported at one time, or why it reported nothing: the sample of the smoke test, the archive and the
 * simmer. Archives keep samples in `samples.json` with these keys, except `error`: a stored format.
 */
export type NodeSample = AnsweredSample | SilentSample;

interface Sampled {
  /** Name of the node, `miner-1`. */
  readonly node: string;
  /** When it was asked, RFC 3339. */
  readonly at: string;
}

/** A sample of a node that answered. */
export interface AnsweredSample extends Sampled {
  readonly reachable: true;
  /** Version of its program; absent when it was not asked for. */
  readonly version?: string;
  /** What its program was built from, mostly a commit; absent when it was not asked for, or the node does not tell. */
  readonly build?: string;
  /** Id of its genesis, hexadecimal; absent when it was not asked for. */
  readonly genesisId?: string;
  /** Number of connected peers; absent when it was not asked for. */
  readonly connectedPeers?: number;
  readonly synced: boolean;
  /** Layer of the node's clock. */
  readonly topLayer: number;
  readonly syncedLayer: number;
  readonly verifiedLayer: number;
}

/** A sample of a node that did not answer. */
export interface SilentSample extends Sampled {
  readonly reachable: false;
  /** Why, for people. */
  readonly error: string;
}

/** What a public service of a network reported at one time, or why it reported nothing. */
export type ServiceSample =
  | {
      readonly reachable: true;
      /** The highest layer that it knows; absent when it does not tell. */
      readonly layer?: number;
      /** Id of its genesis, hexadecimal; absent when it does not tell. */
      readonly genesisId?: string;
    }
  | { readonly reachable: false; readonly error: string };

/** What all vantage points of a network reported at one time. The log of the simmer stores it. */
export interface NetworkSample {
  /** The watcher's clock, RFC 3339 with milliseconds. */
  readonly at: string;
  readonly nodes: readonly NodeSample[];
  /** State roots at one layer that a quorum had verified, by node, in hexadecimal; empty where a node has none. */
  readonly roots?: { readonly layer: number; readonly byNode: Readonly<Record<string, string>> };
  /** The gateway by its public name. */
  readonly gateway: ServiceSample;
  readonly explorer: ServiceSample;
  readonly dashboard: ServiceSample;
}

/** The status that a node reports, in each generation of its API. */
export interface NodeStatus {
  /** Number of connected peers. */
  readonly connectedPeers: number;
  /** What the node says. Before the effective genesis, each node of today says so, also one without peers. */
  readonly isSynced: boolean;
  /** The newest layer that it has seen from the network. */
  readonly syncedLayer: number;
  /** Layer of the node's clock. */
  readonly topLayer: number;
  /** The newest layer that it has applied to its state: how far it got. */
  readonly verifiedLayer: number;
}

/** Everything that a node reports of itself. */
export interface NodeAnswer {
  readonly version: string;
  /** What its program was built from: a commit, or a word such as `local`; absent when the node does not tell. */
  readonly build?: string;
  /** Hexadecimal. */
  readonly genesisId: string;
  readonly status: NodeStatus;
}

/** The state that a poet reports: rounds in the versions of 2021, phases from 0.10 on (spacemeshos/poet, rpc/api). */
export type PoetInfo =
  | { readonly kind: "rounds"; readonly openRound: string; readonly executing: readonly string[] }
  /** In seconds. */
  | { readonly kind: "phases"; readonly phaseShift: number; readonly cycleGap: number };

/** The answer of a part of the network, or why it did not answer. */
export type Said<T> = { readonly said: T } | { readonly error: string };
