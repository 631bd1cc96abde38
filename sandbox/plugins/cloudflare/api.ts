/** Where the API is and who asks. */
export interface ApiSettings {
  /** Base of the API, version included, e.g. `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl: string;
  /** API token; undefined when there is none, which the first call reports. */
  readonly token: string | undefined;
}

/** As often as the official client repeats a refused call (cloudflare-go internal/requestconfig). */
const RETRIES = 2;
/** The longest wait the API may ask for before a call is given up, in seconds (same source). */
const LONGEST_WAIT = 60;
/** Time limit of one call, in milliseconds. */
const CALL_LIMIT = 60_000;

/** An answer by which the API refuses a call, as `METHOD path: status code message`. */
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

/** The same as the call, but undefined when the API knows no such object. */
export function ifFound<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
}

/** Cloudflare's API v4, as far as a resource needs it. */
export class Api {
  constructor(private readonly settings: ApiSettings) {}

  /** Calls the API and returns its `result`. @throws {ApiError} when it refuses. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, path, body);
    return ((await response.json()) as { result: unknown }).result;
  }

  /** The body of an answer that has no envelope, such as a KV value. @throws {ApiError} when the API refuses. */
  async text(path: string): Promise<string> {
    return (await this.#send("GET", path)).text();
  }

  /** The code of a Worker: the only part of a form, or the body as it is. @throws {ApiError} when the API refuses. */
  async code(path: string): Promise<string> {
    const response = await this.#send("GET", path);
    if (!response.headers.get("content-type")?.startsWith("multipart/")) return response.text();
    const [part] = [...(await response.formData()).values()];
    return part === undefined || typeof part === "string" ? (part ?? "") : part.text();
  }

  /** Sends a request; one refused with 429 is sent again after the time the API asks for, {@link RETRIES} times. */
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
    if (!token) throw new Error(`${method} ${path}: no API token: set CLOUDFLARE_API_TOKEN`);
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    const isForm = body === undefined || body instanceof FormData;
    if (!isForm) headers["content-type"] = "application/json";
    const signal = AbortSignal.timeout(CALL_LIMIT);
    return fetch(baseUrl + path, { method, headers, body: isForm ? body : JSON.stringify(body), signal }).catch(
      (error: Error) => {
        const cause = error.cause instanceof Error ? error.cause.message : error.message;
        throw new Error(`${method} ${path}: cannot reach ${baseUrl}: ${cause}`);
      },
    );
  }
}

/** The errors of the API's envelope as `code message`; an answer without an envelope as it is. */
function complaints(answer: string): string {
  try {
    const { errors } = JSON.parse(answer) as { errors: readonly { code: number; message: string }[] };
    return errors.map(({ code, message }) => `${code} ${message}`).join("; ");
  } catch {
    return answer;
  }
}
