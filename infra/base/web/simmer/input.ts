/** What a simmer can be at a time, from the best to the worst, and times at which nobody watched. */
export const KINDS = ["healthy", "slow", "stalled", "split", "blind", "unwatched"] as const;
export type Kind = (typeof KINDS)[number];
type Verdict = Exclude<Kind, "unwatched">;

/** What the plots show. A stored summary (model/simmer-summary.ts) has this form. Its figures may be of any size. */
export interface Simmer {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When the network was last watched, RFC 3339. */
  readonly watchedAt: string;
  /** Usual time between two summaries, in seconds. */
  readonly every: number;
  readonly verdict: Verdict;
  /** When the verdict began, RFC 3339. */
  readonly since: string;
  /** What led to the verdict, in one sentence. */
  readonly evidence: string;
  /** Observed time by verdict, in seconds. */
  readonly observed: Readonly<Record<Verdict, number>>;
  /** Healthy or slow time that the certificate needs, in seconds. */
  readonly needed: number;
  /** Length of a day of the simmer, in seconds; 86400 when it is absent. */
  readonly day?: number;
  /** When the certificate was sealed, RFC 3339. */
  readonly certifiedAt?: string;
  /** Start of layer 0, RFC 3339. */
  readonly genesisTime: string;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** First layer whose verification proves something. */
  readonly effectiveGenesis: number;
  readonly points: readonly Point[];
}

/** The network at one time. */
export interface Point {
  /** Seconds since genesis. */
  readonly time: number;
  /** Layer of the network's clock. */
  readonly top: number;
  /** Layer that a quorum verified; absent where nobody could see it. */
  readonly verified?: number;
  /** The worst verdict since the point before. */
  readonly verdict: Verdict;
}

/**
 * The reader's time in milliseconds since 1970, by which a watcher is late. Undefined for a retired network: nobody
 * watches it any more, and no day is to come.
 */
export type Now = number | undefined;
