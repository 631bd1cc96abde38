import { type Clock, realClock } from "./clock";
import { UserError } from "./errors";

export interface WaitOptions {
  /** What is waited for, as an error would name it: `the public list to show v1.2.3+1`. */
  readonly what: string;
  /** Longest wait, in seconds. */
  readonly limit: number;
  /** Time between two looks, in seconds; 0.5 unless told. */
  readonly every?: number;
  readonly signal?: AbortSignal;
  /** Takes what was seen, whenever that has changed. */
  readonly say?: (line: string) => void;
  /** The machine's own unless told. */
  readonly clock?: Clock;
}

/** A look at the world: the value waited for, or what was seen instead, in words. */
export type Look<T> = { readonly value: T } | { readonly seen: string };

/**
 * Looks at the world again and again until it is as wanted. For what announces no change, such as DNS or a remote API.
 * A look that throws a {@link UserError} counts as not yet, with its message as what was seen.
 * @throws {UserError} naming what was waited for and what was seen last, when the limit is over.
 */
export async function waitFor<T>(look: () => Promise<Look<T>>, waiting: WaitOptions): Promise<T> {
  const { what, limit, every = 0.5, signal, say, clock = realClock } = waiting;
  const end = clock.now() + limit * 1000;
  for (let last: string | undefined; ; ) {
    const now = await lookSafely(look);
    if ("value" in now) return now.value;
    if (now.seen !== last) say?.(`waiting for ${what}: ${now.seen}`);
    last = now.seen;
    if (clock.now() >= end) throw new UserError(`waited ${limit} s for ${what}; seen last: ${last}`);
    await clock.sleep(every, signal);
  }
}

async function lookSafely<T>(look: () => Promise<Look<T>>): Promise<Look<T>> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof UserError) return { seen: error.message };
    throw error;
  }
}
