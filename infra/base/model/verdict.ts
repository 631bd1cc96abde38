/** What was judged of a network (design, section 6); `not judged` when nobody has. */
export const VERDICTS = ["healthy", "slow", "stalled", "split", "blind", "not judged"] as const;
export type HistoryVerdict = (typeof VERDICTS)[number];
