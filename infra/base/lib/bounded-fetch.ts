import { boundedBytes } from "./bounded";

/**
 * A `fetch` that reads each answer to its end, up to a limit. Libraries take it in place of `fetch`. It throws a
 * `UserError` when an answer has more.
 * @param source as an error names it, with a capital: `The answer of GitHub`
 * @param limit in bytes, unpacked
 */
export const boundedFetch =
  (source: string, limit: number, send: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const answer = await send(input, init);
    if (answer.body === null) return answer;
    const body = await boundedBytes(answer.body, source, limit);
    const { status, statusText, headers } = answer;
    // Some statuses allow no body, not even an empty one.
    return new Response(body.length > 0 ? new Uint8Array(body) : null, { status, statusText, headers });
  };

/** Fetches an answer with its body as text. @throws {UserError} as {@link boundedFetch} does */
export async function fetchText(
  url: string,
  init: RequestInit,
  source: string,
  limit: number,
): Promise<{ readonly status: number; readonly ok: boolean; readonly headers: Headers; readonly body: string }> {
  const answer = await boundedFetch(source, limit)(url, init);
  const { status, ok, headers } = answer;
  return { status, ok, headers, body: await answer.text() };
}
