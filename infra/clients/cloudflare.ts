import { UserError } from "../user-error";

/** Longest time of one call, in seconds. */
const TIMEOUT = 30;

/** An object of a collection in Cloudflare's API, with the fields that are asked for. */
export type CloudflareObject = Readonly<Record<string, unknown>> & { readonly id: string };

/**
 * The objects of a collection that match a query, read from Cloudflare's v4 API; at most one page of 100.
 * @param path of the collection, e.g. `zones/ID/dns_records?name=HOST`
 * @throws {UserError} when the token is missing or Cloudflare does not answer with a list
 */
export async function cloudflareObjects(path: string): Promise<CloudflareObject[]> {
  return (await call("GET", path)) as CloudflareObject[];
}

/** Removes an object by its path, e.g. `zones/ID/dns_records/ID`. @throws {UserError} as above */
export async function removeCloudflareObject(path: string): Promise<void> {
  await call("DELETE", path);
}

async function call(method: string, path: string): Promise<unknown> {
  const token = process.env.CLOUDFLARE_API_TOKEN;
  if (!token) throw new UserError("CLOUDFLARE_API_TOKEN is not set: give the token that deployments use", 2);
  const base = process.env.CLOUDFLARE_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  try {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(TIMEOUT * 1000);
    const response = await fetch(`${base}/${path}`, { method, headers, signal });
    const { success, result, errors } = (await response.json()) as Answer;
    if (!success) throw new Error(`HTTP ${response.status} ${JSON.stringify(errors)}`);
    return result;
  } catch (error) {
    throw new UserError(`Cloudflare did not answer ${method} ${path} (${(error as Error).message}): run this again`);
  }
}

interface Answer {
  readonly success: boolean;
  readonly result: unknown;
  readonly errors: unknown;
}
