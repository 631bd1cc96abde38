import { commitsOf, fetchTag, git, requireTag, succeeded } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Finished } from "../base/lib/exec";
import type { Run } from "../base/lib/run";
import { withTemporaryFolder } from "../base/lib/temporary";

/** How often a move is tried when other deployments move the same branch at the same moment. */
const TRIES = 3;

export interface Move {
  readonly branch: string;
  /** Commit that the branch points to now, 40 hexadecimal digits. */
  readonly commit: string;
  /** Commit that the branch pointed to before; absent when the branch is new. */
  readonly previous?: string;
}

/** The part of a remote repository that a branch's move touches. */
export interface Remote {
  /** The commits behind refs, also behind annotated tags; undefined where there is no such ref. @throws {UserError} */
  refs(...names: string[]): Promise<readonly (string | undefined)[]>;
  /** Fetches what a push of a tag's commit needs. @throws {UserError} also when the tag does not point to a commit */
  fetch(tag: string, commit: string): Promise<void>;
  /** Points a ref to a commit while the ref still has its old value. */
  push(ref: string, commit: string, previous: string | undefined): Promise<Finished>;
}

/** Moves a branch and reports the move. */
export async function moveBranchStep(repository: string, branch: string, tag: string, run: Run): Promise<Move> {
  const move = await moveBranch(repository, branch, tag);
  const from = move.previous === move.commit ? "already there" : `moved from ${move.previous ?? "nothing"}`;
  run.say(`${branch}: ${from}; points to ${move.commit} (${tag})`);
  return move;
}

/**
 * Points a branch of a remote repository to a tag's commit, with a lease on the branch's old value.
 * @throws {UserError} when the lease is lost again and again, or the remote refuses
 */
export const moveBranch = (repository: string, branch: string, tag: string): Promise<Move> =>
  withTemporaryFolder((clone) => moveBranchOf(byGit(repository, clone), repository, branch, tag));

/** The same for any kind of remote. @param repository as an error names it */
export async function moveBranchOf(remote: Remote, repository: string, branch: string, tag: string): Promise<Move> {
  const ref = `refs/heads/${branch}`;
  let [tagged, previous] = await remote.refs(`refs/tags/${tag}`, ref);
  const commit = requireTag(tagged, repository, tag);
  for (let attempt = 1; ; attempt++) {
    if (previous === commit) return { branch, commit, previous };
    if (attempt === 1) await remote.fetch(tag, commit);
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

/** @param clone an empty folder */
function byGit(repository: string, clone: string): Remote {
  return {
    refs: (...names) => commitsOf(repository, names),
    async fetch(tag, commit) {
      await fetchTag(repository, tag, clone);
      const type = (await git(["cat-file", "-t", commit], clone)).stdout.trim();
      if (type === "commit") return;
      throw new UserError(
        "TagNotCommit",
        `Tag ${tag} in ${repository} points to a ${type}, not to a commit.`,
        "Move the tag to a commit.",
      );
    },
    push: (ref, commit, previous) =>
      git(["push", "--quiet", `--force-with-lease=${ref}:${previous ?? ""}`, repository, `${commit}:${ref}`], clone),
  };
}
