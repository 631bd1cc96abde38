import { type Named, withAddress } from "../../kubernetes/names";

/** An answer to a GET. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * GETs a URL from inside a pod, whose host may be the name of a Service.
 * @param timeout milliseconds
 */
export async function get(url: string, pod: Named, signal: AbortSignal, timeout: number): Promise<Answer> {
  const response = await fetch(withAddress(pod, url), {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  });
  return { status: response.status, body: await response.text() };
}
