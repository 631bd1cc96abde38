import { LIMITS } from "../lib/bounded";
import { fetchText } from "../lib/bounded-fetch";
import { UserError } from "../lib/errors";
import { isObject, parsedObject } from "../lib/json";
import { CLOUDFLARE_TOKEN, CLOUDFLARE_TOKENS, type CloudflarePart, partOf, tokenFor } from "../model/cloudflare-token";
import type { Credentials } from "../model/credentials";

/** Time limit of one call, in seconds. */
const TIMEOUT = 30;

const API = "https://api.cloudflare.com/client/v4";

/** The address of a path of the API, e.g. for a command that a person runs. */
export const cloudflareUrl = ({ cloudflareUrl: base }: Credentials, path: string): string => `${base ?? API}/${path}`;

/** A complete response of Cloudflare's API. */
export interface CloudflareResponse {
  readonly status: number;
  readonly isSuccess: boolean;
  readonly body: string;
  /** Its header `Retry-After`. */
  readonly retryAfter?: string | null;
}

/** The envelope of all answers but the values of KV. */
export interface CloudflareAnswer {
  readonly isSuccess: boolean;
  readonly result: unknown;
  readonly errors: readonly { readonly code: unknown; readonly message: unknown }[];
  /** Cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
  /** Number of pages of a list that has numbered pages; 1 for all other answers. */
  readonly pages: number;
}

/**
 * Sends one request.
 * @param path below the version, e.g. `zones/ID/dns_records?name.exact=HOST`
 * @param type of the body
 * @throws {UserError} when there is no token or no complete response
 */
export async function sendToCloudflare(
  credentials: Credentials,
  method: string,
  path: string,
  body?: string,
  type = "text/plain",
): Promise<CloudflareResponse> {
  const headers = {
    authorization: `Bearer ${tokenOf(credentials, partOf(path))}`,
    ...(body === undefined ? {} : { "content-type": type }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT * 1000);
    const response = await fetchText(
      cloudflareUrl(credentials, path),
      { method, headers, body, signal },
      "The answer of Cloudflare",
      LIMITS.answer,
    );
    const retryAfter = response.headers.get("retry-after");
    return { status: response.status, isSuccess: response.ok, body: response.body, retryAfter };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      "CloudflareFailed",
      `Cloudflare did not answer ${method} ${path} (${reasonOf(error)}).`,
      "Run the command again.",
    );
  }
}

/** fetch hides the reason in the cause, which may have only a code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ("code" in cause ? String(cause.code) : error.message);
}

/** The API token for a part. @throws {UserError} when there is none */
export function tokenOf(credentials: Credentials, part: CloudflarePart): string {
  const { token } = tokenFor(part, credentials);
  if (token) return token;
  throw new UserError(
    "CloudflareTokenMissing",
    `${CLOUDFLARE_TOKEN} is not set, nor is ${CLOUDFLARE_TOKENS[part]}.`,
    "Set one of them to an API token (docs/operating.md).",
    2,
  );
}

/** Reads an envelope; undefined when the body has none. */
export function answerIn(body: string): CloudflareAnswer | undefined {
  const answer = parsedObject(body);
  if (!answer) return undefined;
  const errors = (Array.isArray(answer.errors) ? answer.errors : []).filter(isObject);
  const { cursor, total_pages: pages } = isObject(answer.result_info) ? answer.result_info : {};
  return {
    isSuccess: answer.success === true,
    result: answer.result,
    errors: errors.map(({ code, message }) => ({ code, message })),
    next: typeof cursor === "string" && cursor !== "" ? cursor : undefined,
    pages: typeof pages === "number" && Number.isSafeInteger(pages) ? Math.max(1, pages) : 1,
  };
}

/** The error for a response that is no success. @param variable of the token that was sent */
export function cloudflareFailure(
  method: string,
  path: string,
  { status, body }: CloudflareResponse,
  variable: string,
): UserError {
  const errors = answerIn(body)?.errors.map(({ code, message }) => `${message} (code ${code})`) ?? [];
  const reason = [`HTTP ${status}`, ...errors].join(", ");
  if (status === 429) {
    return new UserError(
      "CloudflareLimited",
      `Cloudflare limits the rate of calls, and refused ${method} ${path} (${reason}).`,
      "Run the command again in five minutes.",
    );
  }
  if (status >= 400 && status < 500) {
    return new UserError(
      "CloudflareRefused",
      `Cloudflare refused ${method} ${path} (${reason}).`,
      `Check ${variable} and the ids in the settings, then run the command again.`,
    );
  }
  return new UserError(
    "CloudflareFailed",
    `Cloudflare failed at ${method} ${path} (${reason}).`,
    "Run the command again.",
  );
}
