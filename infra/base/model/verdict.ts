// The edge imports this file: no zod, nothing of Node.js.

/** The health of a network when it was retired; `not judged` when nobody judged it. */
export const VERDICTS = ["healthy", "slow", "stalled", "split", "blind", "not judged"] as const;
export type HistoryVerdict = (typeof VERDICTS)[number];
