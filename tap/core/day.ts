const DAY = 86_400_000;

/** The UTC day of a time, `2026-11-29`. @param at milliseconds since 1970 */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** When the next UTC day begins, in milliseconds since 1970. */
export const nextDay = (at: number): number => (Math.floor(at / DAY) + 1) * DAY;
