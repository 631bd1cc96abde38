import type { Verdict } from "../model/verdict";

/** How far a node got. */
export interface Progress {
  /** The highest layer that it reported as verified. */
  readonly verified: number;
  /** When it was first seen there, in seconds since genesis. */
  readonly since: number;
  /** Layers between its last steps forward, the shorter of two: one late layer is no pace. 1 in a healthy network. */
  readonly pace: number;
  /** Layers between the last two steps. */
  readonly last: number;
  /** Whether it was watched ever since. After a gap nobody knows how long its step took. */
  readonly watched: boolean;
}

/** A disagreement about the state. */
export interface Apart {
  /** The layer at which it was seen first. */
  readonly layer: number;
  /** Whether no root can have a quorum. Otherwise too few nodes answer to tell. */
  readonly isSplit: boolean;
}

/** The last sample of a watcher. */
export interface LastSample {
  readonly serial: number;
  /** The watcher's clock, in milliseconds since 1970. */
  readonly at: number;
  /** The network's time, in seconds since genesis. */
  readonly time: number;
}

/** All that the judge carries from one sample to the next. The log of the simmer stores it with every sample. */
export interface Memory {
  /** Time of the last sample by the network's own clock, in seconds since genesis. */
  readonly time: number;
  readonly verdict: Verdict;
  /** When the verdict began, in seconds since genesis. */
  readonly since: number;
  /** Layer that a quorum verified; absent before the first. */
  readonly verified?: number;
  readonly nodes: Readonly<Record<string, Progress>>;
  /** Observed time by verdict, in seconds. */
  readonly observed: Readonly<Record<Verdict, number>>;
  /** Time between samples that were too far apart, in seconds. Nobody knows what happened meanwhile. */
  readonly unwatched: number;
  /** Seconds since the quorum's last step forward. The next step, or its absence, says what they count as. */
  readonly pending: number;
  /** Observed seconds stalled or split without a step forward in between; blind time neither adds nor ends it. */
  readonly trouble: number;
  /** The last time that the network was stalled, split or out of sight, in seconds since genesis. */
  readonly lastTrouble?: { readonly verdict: Verdict; readonly from: number; readonly to: number };
  /** Set while no quorum has one state root. */
  readonly apart?: Apart;
  /** Last sample of each watcher. */
  readonly watchers: Readonly<Record<string, LastSample>>;
}

/** The memory before the first sample. */
export const NOTHING: Memory = {
  time: 0,
  verdict: "blind",
  since: 0,
  nodes: {},
  observed: { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 },
  unwatched: 0,
  pending: 0,
  trouble: 0,
  watchers: {},
};
