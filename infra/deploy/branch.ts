import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { found, gitEnvironment, remoteRef, succeeded, TIMEOUT } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import { exec, type Finished } from "../base/lib/exec";

/** How often a move is tried when other deployments move the same branch at the same moment. */
const TRIES = 3;

export interface Move {
  readonly branch: string;
  /** The commit it points to now, 40 hexadecimal digits. */
  readonly commit: string;
  /** The commit it pointed to before; absent when the branch is new. */
  readonly previous?: string;
}

/** A repository somewhere else, as far as a branch's move touches it. */
export interface Remote {
  /** The commit behind a ref (an annotated tag is followed to its commit), or undefined. @throws {UserError} */
  ref(name: string): Promise<string | undefined>;
  /** Gets what a push of a tag's commit needs. @throws {UserError} also when what the tag names is no commit */
  fetch(tag: string, commit: string): Promise<void>;
  /** Points a ref to a commit while it still has its old value. */
  push(ref: string, commit: string, previous: string | undefined): Promise<Finished>;
}

/**
 * Points a branch of a remote repository to a tag's commit, with a lease on the branch's old value.
 * @throws {UserError} when the lease is lost again and again, or the remote says no.
 */
export async function moveBranch(repository: string, branch: string, tag: string): Promise<Move> {
  const clone = await mkdtemp(join(tmpdir(), "smeshnet-"));
  try {
    return await moveBranchOf(byGit(repository, clone), repository, branch, tag);
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** The same for any kind of remote. @param repository as an error names it */
export async function moveBranchOf(remote: Remote, repository: string, branch: string, tag: string): Promise<Move> {
  const ref = `refs/heads/${branch}`;
  const commit = found(await remote.ref(`refs/tags/${tag}`), repository, tag);
  for (let attempt = 1; ; attempt++) {
    const previous = await remote.ref(ref);
    if (previous === commit) return { branch, commit, previous };
    if (attempt === 1) await remote.fetch(tag, commit);
    const pushed = await remote.push(ref, commit, previous);
    if (pushed.exitCode === 0) return { branch, commit, previous };
    // The lease is lost when another tag's deployment moved the branch in between: look again, then decide anew.
    const moved = (await remote.ref(ref)) !== previous;
    if (!moved) succeeded(`branch ${branch} of ${repository} cannot be moved`, pushed);
    if (attempt === TRIES) throw new UserError(`branch ${branch} is being moved by somebody else: run this again`);
  }
}

/** @param clone an empty folder */
function byGit(repository: string, clone: string): Remote {
  const git = (...args: string[]) => exec("git", args, { cwd: clone, env: gitEnvironment(), timeout: TIMEOUT });
  return {
    ref: (name) => remoteRef(repository, name),
    async fetch(tag, commit) {
      succeeded("a repository cannot be made", await git("init", "--quiet", "--bare"));
      const fetched = await git("fetch", "--quiet", "--depth", "1", repository, `refs/tags/${tag}`);
      succeeded(`${tag} of ${repository} cannot be fetched`, fetched);
      const type = (await git("cat-file", "-t", commit)).stdout.trim();
      if (type !== "commit") throw new UserError(`${tag} of ${repository} names a ${type}: name a commit so instead`);
    },
    push: (ref, commit, previous) =>
      git("push", "--quiet", `--force-with-lease=${ref}:${previous ?? ""}`, repository, `${commit}:${ref}`),
  };
}
