/**
 * Whether two identities are the same: ids, owners, names, times, digests. What is not known is the same as nothing,
 * not even as something else that is not known: `undefined === undefined` would make a stranger's object ours.
 */
export const sameKnown = (a: unknown, b: unknown): boolean => isKnown(a) && isKnown(b) && Object.is(a, b);

/** An empty text names nothing. */
const isKnown = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== "" && !Number.isNaN(value);

/** Whether two texts tell the same point in time, also in different forms. A text that is no time tells none. */
export const sameTime = (a: string | undefined, b: string | undefined): boolean =>
  sameKnown(a, b) || sameKnown(Date.parse(a ?? ""), Date.parse(b ?? ""));
