import { isObject } from "../lib/json";

/** Time limit of one request, in seconds. */
export const TIMEOUT = 30;

/** How often a request is sent that GitHub limits or fails. */
const ATTEMPTS = 4;

/** Longest wait that is worth it, in seconds. A primary rate limit may last an hour. */
const LONGEST_WAIT = 120;

/** Wait after a rate limit that tells none, in seconds (GitHub docs, Rate limits for the REST API). */
const UNTOLD_WAIT = 60;

/** What a failed request tells: its status and headers. Both are absent without an answer. */
export interface Failed {
  readonly status?: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** Reads an error of Octokit, which gives the status 500 to a request without an answer. */
export function failedBy(error: unknown): Failed {
  const why = error instanceof Error ? error.message : String(error);
  const response: unknown = isObject(error) || error instanceof Error ? Reflect.get(error, "response") : undefined;
  if (!isObject(response)) return { headers: {}, why };
  const { status, headers, data } = response;
  const message = isObject(data) && typeof data.message === "string" ? data.message : why;
  return {
    status: typeof status === "number" ? status : undefined,
    headers: isObject(headers) ? headers : {},
    why: [message, ...reasonsIn(data)].join(": "),
  };
}

/** The sentences of a 422, e.g. `Body is too long (maximum is 65536 characters)`. */
function reasonsIn(data: unknown): string[] {
  const errors: unknown[] = isObject(data) && Array.isArray(data.errors) ? data.errors : [];
  return errors.filter(isObject).flatMap(({ message }) => (typeof message === "string" ? [message] : []));
}

/**
 * Seconds to wait before the same request is sent again; undefined when that would be wrong or in vain.
 * @param attempt number of times that it was sent
 * @param isRepeatable whether it may be sent again when nobody knows if it took effect
 * @param now milliseconds since 1970
 */
export function waitAfter(
  { status, headers }: Pick<Failed, "status" | "headers">,
  { attempt, isRepeatable, now }: { readonly attempt: number; readonly isRepeatable: boolean; readonly now: number },
): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  if (isLimited(status, headers)) {
    const wait = toldWait(headers, now) ?? UNTOLD_WAIT;
    return wait <= LONGEST_WAIT ? wait : undefined;
  }
  const isUnknown = status === undefined || status >= 500;
  return isUnknown && isRepeatable ? 2 ** (attempt - 1) : undefined;
}

/** Rate limits are 429, or a 403 that differs from a missing permission in its headers (GitHub docs, Rate limits). */
export const isLimited = (status: number | undefined, headers: Failed["headers"]): boolean =>
  status === 429 || (status === 403 && ("retry-after" in headers || headers["x-ratelimit-remaining"] === "0"));

function toldWait(headers: Failed["headers"], now: number): number | undefined {
  const after = Number(headers["retry-after"]);
  if (after >= 0) return after;
  const reset = Number(headers["x-ratelimit-reset"]);
  return headers["x-ratelimit-remaining"] === "0" && reset > 0 ? Math.max(1, Math.ceil(reset - now / 1000)) : undefined;
}
