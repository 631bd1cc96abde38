import { parsedObject } from "../lib/json";

// The edge imports this file: no zod, nothing of Node.js.

/**
 * Where the story of a retired network stands, as the edge keeps it beside the network's record. A record is never
 * changed, and the story is written after it and may move, so the link has a key of its own.
 */
export interface RecapLink {
  readonly schema: 1;
  /** `postmortem` after a failure, `recap` after a natural death. */
  readonly kind: "postmortem" | "recap";
  /** In the blog's repository if there is one, else in the archive store. */
  readonly url: string;
  /** The blog did not take the story yet, and a watcher tries again. */
  readonly pending?: boolean;
}

/** Reads a stored link; undefined when the text is not one. */
export function readRecapLink(stored: string): RecapLink | undefined {
  const { kind, url, pending } = parsedObject(stored) ?? {};
  if ((kind !== "postmortem" && kind !== "recap") || typeof url !== "string") return undefined;
  return { schema: 1, kind, url, ...(pending === true && { pending }) };
}
