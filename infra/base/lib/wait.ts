import { UserError } from "./errors";
import type { Run } from "./run";

export interface WaitOptions {
  /** What is waited for, as an error names it: `the network list to show v1.2.3+1`. */
  readonly what: string;
  /** Time limit, in seconds. */
  readonly limit: number;
  /** Time between two looks, in seconds; 0.5 by default. */
  readonly every?: number;
}

/** A look at the world: the value waited for, or a phrase for what was seen instead. */
export type Look<T> = { readonly value: T } | { readonly seen: string };

/**
 * Repeats a look until it gives the value. It serves systems that announce no change, such as DNS or a remote API.
 * A look that throws a {@link UserError} is repeated too: its `what` is what was seen.
 * Each change of what is seen is reported as progress.
 * @throws {UserError} when the limit is over; the error names what was waited for, what was seen last, and that error's
 * fix
 */
export async function waitFor<T>(look: () => Promise<Look<T>>, options: WaitOptions, run: Run): Promise<T> {
  const { what, limit, every = 0.5 } = options;
  const end = run.clock.now() + limit * 1000;
  for (let last: string | undefined; ; ) {
    const now = await lookSafely(look);
    if ("value" in now) return now.value;
    if (now.seen !== last) run.say(`waiting for ${what}: ${now.seen}`);
    last = now.seen;
    if (run.clock.now() >= end) {
      throw new UserError(
        "WaitTimedOut",
        `Timed out after ${limit} s while waiting for ${what}. Last seen: ${last}.`,
        now.fix ?? "Correct the cause, then run the command again.",
      );
    }
    await run.clock.sleep(every, run.signal);
  }
}

type SafeLook<T> = { readonly value: T } | { readonly seen: string; readonly fix?: string };

async function lookSafely<T>(look: () => Promise<Look<T>>): Promise<SafeLook<T>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { seen: error.what.replace(/\.$/, ""), fix: error.fix || undefined }; // a phrase, as any look gives
  }
}
