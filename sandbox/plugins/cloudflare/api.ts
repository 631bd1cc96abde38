/** Address and credentials of the API. */
export interface ApiSettings {
  /** Base URL of the API with its version, e.g. `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  /** API token; the first call fails without one. */
  readonly token: string | undefined;
}

/** Number of retries of a refused call, as in the official client (cloudflare-go internal/requestconfig). */
const RETRIES = 2;
/** Longest wait that the API may ask for, in seconds; a longer one ends the call (same source). */
const LONGEST_WAIT = 60;
/** Time limit of one call, in milliseconds. */
const CALL_LIMIT = 60_000;

/** An error answer of the API, as `METHOD path: status code message`. */
export class ApiError extends Error {
  constructor(
    call: string,
    readonly status: number,
    answer: string,
  ) {
    super(`${call}: ${status} ${complaints(answer)}`);
    this.name = "ApiError";
  }
}

/** Resolves like the call, but to undefined when the object does not exist. */
export function ifFound<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
}

/** Client for the parts of Cloudflare's API v4 that resources need. */
export class Api {
  constructor(private readonly settings: ApiSettings) {}

  /** Calls the API and returns its `result`. @throws {ApiError} for an error answer */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, path, body);
    return ((await response.json()) as { result: unknown }).result;
  }

  /** Body of an answer without envelope, such as a KV value. @throws {ApiError} for an error answer */
  async text(path: string): Promise<string> {
    return (await this.#send("GET", path)).text();
  }

  /** Code of a Worker: the only part of a form, or the plain body. @throws {ApiError} for an error answer */
  async code(path: string): Promise<string> {
    const response = await this.#send("GET", path);
    if (!response.headers.get("content-type")?.startsWith("multipart/")) return response.text();
    const [part] = [...(await response.formData()).values()];
    return part === undefined || typeof part === "string" ? (part ?? "") : part.text();
  }

  /** Sends a request. After a 429 it waits as long as the API asks for and tries again, {@link RETRIES} times. */
  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    for (let retries = 0; ; retries += 1) {
      const response = await this.#sendOnce(method, path, body);
      if (response.ok) return response;
      const answer = await response.text();
      const wait = Number(response.headers.get("retry-after") ?? 1);
      if (response.status !== 429 || retries === RETRIES || !(wait <= LONGEST_WAIT)) {
        throw new ApiError(`${method} ${path}`, response.status, answer);
      }
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }

  #sendOnce(method: string, path: string, body: unknown): Promise<Response> {
    const { baseUrl, token } = this.settings;
    if (!token) throw new Error(`${method} ${path}: the API token is missing, set CLOUDFLARE_API_TOKEN`);
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    const isForm = body === undefined || body instanceof FormData;
    if (!isForm) headers["content-type"] = "application/json";
    const signal = AbortSignal.timeout(CALL_LIMIT);
    return fetch(baseUrl + path, { method, headers, body: isForm ? body : JSON.stringify(body), signal }).catch(
      (error: Error) => {
        const cause = error.cause instanceof Error ? error.cause.message : error.message;
        throw new Error(`${method} ${path}: ${baseUrl} is not reachable: ${cause}`);
      },
    );
  }
}

/** The errors of the API's envelope as `code message`; an answer without envelope stays as it is. */
function complaints(answer: string): string {
  try {
    const { errors } = JSON.parse(answer) as { errors: readonly { code: number; message: string }[] };
    return errors.map(({ code, message }) => `${code} ${message}`).join("; ");
  } catch {
    return answer;
  }
}
