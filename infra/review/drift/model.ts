// What drift finds, as data.

/** In the order in which they are told. */
export const KINDS = ["unfinished", "difference", "orphan", "needless", "uncertain"] as const;
/**
 * - `unfinished`: a killed or failed run left it
 * - `difference`: a stack owns it, and it is gone or changed
 * - `orphan`: it is ours, and no living stack owns it
 * - `needless`: a stack without a reason to live
 * - `uncertain`: an announcement of which nobody knows whether it was sent
 */
export type FindingKind = (typeof KINDS)[number];

/** One thing that is not as it should be. */
export interface Finding {
  readonly kind: FindingKind;
  /** What it is, unambiguously: `DNS record api-v1-2-3-1.net.spacemesh.io`, `cluster v1-2-3-1`, `stack 1_2_3_1`. */
  readonly what: string;
  /** Why it is a finding: a phrase without a full stop. */
  readonly why: string;
  /** What there is of it, a phrase each; only for what a run left. */
  readonly left?: readonly string[];
  /** The command that mends it. */
  readonly mend: string;
}

/** Something that could not be looked at. It may hide findings, so it is never the same as none. */
export interface Unseen {
  readonly what: string;
  /** A phrase without a full stop. */
  readonly why: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
}

/** Something that is no finding and that a reader should know. */
export interface Note {
  readonly what: string;
  readonly why: string;
}

/** Everything that one look found. */
export interface Drift {
  readonly schema: 1;
  /** The edge, then channels, then networks; each by its name. */
  readonly looked: {
    readonly edge: boolean;
    readonly channels: readonly string[];
    readonly networks: readonly string[];
  };
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unseen[];
  /** Stacks that an engine is updating now. They were not judged. */
  readonly updating: readonly Note[];
  /** What is in our part of the zone and of the namespace, and belongs to somebody else. Never touched. */
  readonly foreign: readonly Note[];
}

/** Whether two findings are of the same thing. */
export const isSame = (a: Finding, b: Finding): boolean => a.kind === b.kind && a.what === b.what;
