import { commitsOf, fetchCommit, fetchTag, ownGit, pushWithLease, requireTag, succeeded } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Finished } from "../base/lib/exec";
import type { Run } from "../base/lib/run";
import { withTemporaryFolder } from "../base/lib/temporary";
import { isBuildTag } from "../base/model/build-tag";
import { tagMoved } from "../base/model/source";

/** How often a move is tried when other deployments move the same branch at the same moment. */
const TRIES = 3;

/** What a branch is to point to. */
export interface Goal {
  /** Build tag or release tag. */
  readonly tag: string;
  /** The commit that was decided before; without it the tag's present commit is the decision. */
  readonly commit?: string;
}

export interface Move {
  readonly branch: string;
  /** Commit that the branch points to now, 40 or 64 hexadecimal digits. */
  readonly commit: string;
  /** Commit that the branch pointed to before; absent when the branch is new. */
  readonly previous?: string;
}

/** The part of a remote repository that a branch's move touches. */
export interface Remote {
  /** The commits behind refs, also behind annotated tags; undefined where there is no such ref. @throws {UserError} */
  refs(...names: string[]): Promise<readonly (string | undefined)[]>;
  /**
   * Fetches what a push of a commit needs.
   * @param tag that points to the commit; undefined when the tag points elsewhere by now
   * @throws {UserError} also when the tag does not point to a commit, or the repository lost the commit
   */
  fetch(tag: string | undefined, commit: string): Promise<void>;
  /** Points a ref to a commit while the ref still has its old value. */
  push(ref: string, commit: string, previous: string | undefined): Promise<Finished>;
}

/** Moves a branch and reports the move. */
export async function moveBranchStep(repository: string, branch: string, goal: Goal, run: Run): Promise<Move> {
  const move = await moveBranch(repository, branch, goal, run.say);
  const from = move.previous === move.commit ? "already there" : `moved from ${move.previous ?? "nothing"}`;
  run.say(`${branch}: ${from}; points to ${move.commit} (${goal.tag})`);
  return move;
}

/**
 * Points a branch of a remote repository to a commit, with a lease on the branch's old value.
 * @throws {UserError} when the lease is lost again and again, the remote refuses, or a build tag has moved
 */
export const moveBranch = (repository: string, branch: string, goal: Goal, say?: Run["say"]): Promise<Move> =>
  withTemporaryFolder((clone) => moveBranchOf(byGit(repository, clone), repository, branch, goal, say));

/**
 * The same for any kind of remote.
 * @param repository as an error names it
 * @param say gets a line when a release tag names another commit than the one that was decided
 */
export async function moveBranchOf(
  remote: Remote,
  repository: string,
  branch: string,
  goal: Goal,
  say: Run["say"] = () => undefined,
): Promise<Move> {
  const ref = `refs/heads/${branch}`;
  let [tagged, previous] = await remote.refs(`refs/tags/${goal.tag}`, ref);
  const commit = commitFor(goal, tagged, repository);
  if (tagged !== commit)
    say(`${goal.tag} names ${tagged ?? "no commit"} by now; ${branch} goes to ${commit}, which was decided`);
  for (let attempt = 1; ; attempt++) {
    if (previous === commit) return { branch, commit, previous };
    if (attempt === 1) await remote.fetch(tagged === commit ? goal.tag : undefined, commit);
    const pushed = await remote.push(ref, commit, previous);
    if (pushed.exitCode === 0) return { branch, commit, previous };
    // The lease is lost when another tag's deployment moved the branch in between: read it again, then decide again.
    const before = previous;
    [previous] = await remote.refs(ref);
    if (previous === before) succeeded(`Branch ${branch} of ${repository} cannot be moved`, pushed);
    if (attempt === TRIES)
      throw new UserError(
        "BranchContested",
        `Another deployment is moving branch ${branch} of ${repository}.`,
        "Run the command again.",
      );
  }
}

/**
 * The commit that a branch moves to. A deployed build tag must still name it. A release tag need not: a channel goes
 * where its promotion was recorded to go, also weeks later.
 * @param tagged the commit that the tag points to now; undefined when the repository has no such tag
 */
function commitFor({ tag, commit }: Goal, tagged: string | undefined, repository: string): string {
  if (commit === undefined) return requireTag(tagged, repository, tag);
  const moved = isBuildTag(tag) ? tagMoved({ tag, repository, deployed: commit, tagged }) : undefined;
  if (moved) throw moved;
  return commit;
}

/** @param clone an empty folder */
function byGit(repository: string, clone: string): Remote {
  return {
    refs: (...names) => commitsOf(repository, names),
    async fetch(tag, commit) {
      if (tag === undefined) return fetchCommit(repository, commit, clone);
      await fetchTag(repository, tag, clone);
      const type = (await ownGit(["cat-file", "-t", commit], clone)).stdout.trim();
      if (type === "") return fetchCommit(repository, commit, clone); // the tag moved a moment ago
      if (type === "commit") return;
      throw new UserError(
        "TagNotCommit",
        `Tag ${tag} in ${repository} points to a ${type}, not to a commit.`,
        "Move the tag to a commit.",
      );
    },
    push: (ref, commit, previous) => pushWithLease(repository, ref, { commit, previous, folder: clone }),
  };
}
