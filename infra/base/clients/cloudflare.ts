import { UserError } from "../lib/errors";

/** Longest time of one call, in seconds. */
const TIMEOUT = 30;

/** An object of a collection in Cloudflare's API, with the fields that are asked for. */
export type CloudflareObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** A KV namespace of an account. */
export interface KvNamespace {
  readonly accountId: string;
  readonly namespaceId: string;
}

/**
 * The objects of a collection that match a query, read from Cloudflare's v4 API; at most one page of 100.
 * @param path of the collection, e.g. `zones/ID/dns_records?name=HOST`
 * @throws {UserError} when the token is missing or Cloudflare does not answer with a list
 */
export async function cloudflareObjects(path: string): Promise<CloudflareObject[]> {
  return (await call("GET", path)).result as CloudflareObject[];
}

/** Removes an object by its path, e.g. `zones/ID/dns_records/ID`. @throws {UserError} as above */
export async function removeCloudflareObject(path: string): Promise<void> {
  await call("DELETE", path);
}

/** The value of a key; undefined when there is none. @throws {UserError} as above */
export async function getKv(namespace: KvNamespace, key: string): Promise<string | undefined> {
  const path = pathOfValue(namespace, key);
  return request("GET", path, undefined, async (response) => {
    if (response.ok) return response.text();
    const { errors } = (await response.json()) as CloudflareAnswer;
    if (errors.some(({ code }) => code === KEY_NOT_FOUND)) return undefined;
    throw new Error(`HTTP ${response.status} ${JSON.stringify(errors)}`);
  });
}

/** Puts a text under a key. Everybody sees it after a minute at most. @throws {UserError} as above */
export async function putKv(namespace: KvNamespace, key: string, value: string): Promise<void> {
  await call("PUT", pathOfValue(namespace, key), value);
}

/** The names of all keys with a prefix. @throws {UserError} as above */
export async function listKv(namespace: KvNamespace, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ prefix, ...(cursor ? { cursor } : {}) });
    const { result, result_info } = await call("GET", `${pathOf(namespace)}/keys?${query}`);
    names.push(...(result as { name: string }[]).map(({ name }) => name));
    cursor = result_info?.cursor ?? "";
  } while (cursor);
  return names;
}

/** Cloudflare's code of the error that a key has no value; a namespace that is not there has another (10013). */
const KEY_NOT_FOUND = 10009;

const pathOf = ({ accountId, namespaceId }: KvNamespace): string =>
  `accounts/${accountId}/storage/kv/namespaces/${namespaceId}`;

const pathOfValue = (namespace: KvNamespace, key: string): string =>
  `${pathOf(namespace)}/values/${encodeURIComponent(key)}`;

function call(method: string, path: string, body?: string): Promise<CloudflareAnswer> {
  return request(method, path, body, async (response) => {
    const answer = (await response.json()) as CloudflareAnswer;
    if (!answer.success) throw new Error(`HTTP ${response.status} ${JSON.stringify(answer.errors)}`);
    return answer;
  });
}

async function request<T>(
  method: string,
  path: string,
  body: string | undefined,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const token = process.env.CLOUDFLARE_API_TOKEN;
  if (!token) throw new UserError("CLOUDFLARE_API_TOKEN is not set: give the token that deployments use", 2);
  const base = process.env.CLOUDFLARE_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  try {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "text/plain" }),
    };
    const signal = AbortSignal.timeout(TIMEOUT * 1000);
    return await read(await fetch(`${base}/${path}`, { method, headers, body, signal }));
  } catch (error) {
    throw new UserError(`Cloudflare did not answer ${method} ${path} (${(error as Error).message}): run this again`);
  }
}

interface CloudflareAnswer {
  readonly success: boolean;
  readonly result: unknown;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  readonly result_info?: { readonly cursor?: string };
}
