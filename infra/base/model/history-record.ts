import type { HistoryVerdict } from "./verdict";

/** The layers that a network's nodes told at the time of archiving; the highest of each. */
export interface LastSeen {
  readonly verifiedLayer: number;
  readonly topLayer: number;
}

/** What stays of a network for ever: one line a life. Read by edge/history.ts. */
export interface HistoryRecord {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When its deployment began, RFC 3339. */
  readonly openedAt: string;
  /** When the last of it was gone, RFC 3339. */
  readonly retiredAt: string;
  readonly verdict: HistoryVerdict;
  /** Why it was retired, in the operator's words. */
  readonly why: string;
  /** Where the manifest of its archive is; absent when there is no archive. */
  readonly archive?: string;
  readonly lastSeen?: LastSeen;
}
