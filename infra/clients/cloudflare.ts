import type { Zone, ZoneRecord } from "../stray-records";
import { UserError } from "../user-error";

/** Longest time of one request, in milliseconds. */
const TIMEOUT = 30_000;
/** Records a page; the most that a network can have is far less. */
const PER_PAGE = 1000;

interface Envelope {
  readonly success: boolean;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  readonly result: unknown;
}

/**
 * A zone by Cloudflare's API.
 * @param environment with CLOUDFLARE_API_TOKEN, and CLOUDFLARE_BASE_URL where it is not Cloudflare's own
 * @throws {UserError} when there is no token
 */
export function zoneAtCloudflare(zoneId: string, environment: NodeJS.ProcessEnv): Zone {
  const token = environment.CLOUDFLARE_API_TOKEN;
  if (!token) throw new UserError("CLOUDFLARE_API_TOKEN is not set: it is what may edit the zone's records", 2);
  const base = environment.CLOUDFLARE_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  const records = `${base}/zones/${zoneId}/dns_records`;
  return {
    async withComment(comment) {
      const query = new URLSearchParams({ "comment.exact": comment, per_page: `${PER_PAGE}` });
      return (await call("GET", `${records}?${query}`, token)) as ZoneRecord[];
    },
    async remove(id) {
      await call("DELETE", `${records}/${id}`, token);
    },
  };
}

async function call(method: string, url: string, token: string): Promise<unknown> {
  const { success, errors, result } = await envelope(method, url, token);
  if (success) return result;
  const reasons = errors.map(({ code, message }) => `${message} (${code})`).join("; ");
  throw new UserError(`Cloudflare refuses ${method} ${new URL(url).pathname}: ${reasons}`);
}

async function envelope(method: string, url: string, token: string): Promise<Envelope> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(TIMEOUT) });
    return (await response.json()) as Envelope;
  } catch (error) {
    const why = (error as { cause?: Error }).cause?.message ?? (error as Error).message;
    throw new UserError(`Cloudflare does not answer ${method} ${new URL(url).pathname} (${why}): run this again`);
  }
}
