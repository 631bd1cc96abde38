import { statusOf } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import { onOneLine } from "../../../base/lib/text";
import type { Look } from "../../../base/lib/wait";

/** A look of a wait, which goes on while the cluster's API does not answer. The wait's limit still counts. */
export async function patiently<T>(signal: AbortSignal, look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError || !passes(statusOf(error))) throw error;
    return { seen: `the cluster's API does not answer (${onOneLine(error instanceof Error ? error.message : "")})` };
  }
}

/** Whether trouble passes by itself: no answer at all, too many requests, or a server that is not ready. */
const passes = (status: number | undefined): boolean => status === undefined || status === 429 || status >= 500;
