// The edge imports this file: no zod, nothing of Node.js.

/** The health of a network over a time, as the simmer judges it. From the best to what nobody could see. */
export const SIMMER_VERDICTS = ["healthy", "slow", "stalled", "split", "blind"] as const;
export type Verdict = (typeof SIMMER_VERDICTS)[number];

/** Whether time with a verdict counts for the certificate: somebody saw the network move forward. */
export const isGood = (verdict: Verdict): boolean => verdict === "healthy" || verdict === "slow";

/** The health of a network when it was retired; `not judged` when nobody judged it. */
export const VERDICTS = [...SIMMER_VERDICTS, "not judged"] as const;
export type HistoryVerdict = (typeof VERDICTS)[number];
