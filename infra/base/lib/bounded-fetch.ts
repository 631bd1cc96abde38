import { tooLarge } from "./bounded";

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = [101, 103, 204, 205, 304];

/**
 * A `fetch` whose answers end with an error where their bodies exceed a limit. Libraries take it in place of `fetch`.
 * @param source as an error names it, with a capital: `The answer of GitHub`
 * @param limit in bytes, unpacked
 */
export const boundedFetch =
  (source: string, limit: number, send: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const answer = await send(input, init);
    if (answer.body === null || WITHOUT_BODY.includes(answer.status)) return answer;
    let size = 0;
    const counted = answer.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, out) {
          size += chunk.length;
          if (size > limit) throw tooLarge(source, limit); // it cancels the body, and so the connection
          out.enqueue(chunk);
        },
      }),
    );
    const { status, statusText, headers } = answer;
    return new Response(counted, { status, statusText, headers });
  };
