import type { GithubComment, PullState } from "../../base/clients/github";
import { hasMarker, isSameBody } from "./marker";

/** What a run sees, and what it has done so far. */
export interface Seen {
  readonly pull: Pick<PullState, "isOpen" | "head">;
  /** All comments of the pull request. */
  readonly comments: readonly GithubComment[];
  /** Our login; undefined while it is unknown. */
  readonly me: string | undefined;
  readonly marker: string;
  /** The commit that this run previewed. */
  readonly commit: string;
  /** The comment that should stand there. */
  readonly wanted: string;
  /** Whether this run has changed a comment. */
  readonly hasWritten: boolean;
}

export type Next =
  | { readonly do: "create"; readonly body: string }
  | { readonly do: "update"; readonly id: number; readonly body: string }
  | { readonly do: "remove"; readonly id: number }
  | { readonly do: "stop"; readonly because: "closed" | "stale" | "overtaken" | "done" };

/**
 * Decides the next act of a run that keeps one comment. Each run looks again after each act until it has nothing to do,
 * so the last of several runs leaves one comment, that of the head. A run whose commit is no longer the head writes
 * nothing. If it wrote just before the head moved, it puts the head's own comment in place.
 */
export function nextAct({ pull, comments, me, marker, commit, wanted, hasWritten }: Seen): Next {
  if (!pull.isOpen) return { do: "stop", because: "closed" };
  const isHead = pull.head === commit;
  if (!isHead && !hasWritten) return { do: "stop", because: "stale" };
  const [first, ...later] = ours(comments, me, marker);
  if (!first) return { do: "create", body: wanted };
  if (!isSameBody(first.body, wanted)) return { do: "update", id: first.id, body: wanted };
  const [duplicate] = later;
  if (duplicate) return { do: "remove", id: duplicate.id };
  return { do: "stop", because: isHead ? "done" : "overtaken" };
}

/** Our own comments, oldest first: by their author and by the marker at their start, since anybody can write the marker. */
export const ours = (comments: readonly GithubComment[], me: string | undefined, marker: string): GithubComment[] =>
  comments
    .filter(({ author, body }) => me !== undefined && author === me && hasMarker(body, marker))
    .sort((a, b) => a.id - b.id);

/**
 * Comments as listed, with our own writes. A list may lag behind them for a moment.
 * @param written our writes by id; `removed` for a comment that we removed
 */
export function withWrites(
  listed: readonly GithubComment[],
  written: ReadonlyMap<number, GithubComment | "removed">,
): GithubComment[] {
  const newest = new Map(listed.map((comment) => [comment.id, comment]));
  for (const [id, write] of written) {
    const shown = newest.get(id);
    if (write === "removed") newest.delete(id);
    else if (!shown || shown.updatedAt < write.updatedAt) newest.set(id, write);
  }
  return [...newest.values()];
}
