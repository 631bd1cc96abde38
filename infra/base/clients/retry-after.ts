/**
 * The wait that a `Retry-After` header asks for, in seconds (RFC 9110, section 10.2.3: seconds, or a date).
 * @param now milliseconds since 1970, for a date
 * @returns undefined without a header, or for a text that is neither
 */
export function retryAfterIn(header: string | null | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  // Only HTTP's dates, which begin with the day of the week. Date.parse also takes "1" for a month.
  const date = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(date) ? Math.max(0, (date - now) / 1000) : undefined;
}
