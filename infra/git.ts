import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec, type Finished } from "./exec";
import { UserError } from "./user-error";

/** Longest time of one git command, in seconds. */
const TIMEOUT = 120;

/** How often a move is tried when other deployments move the same branch at the same moment. */
const TRIES = 3;

export interface Move {
  readonly branch: string;
  /** The commit it points to now, 40 hexadecimal digits. */
  readonly commit: string;
  /** The commit it pointed to before; absent when the branch is new. */
  readonly previous?: string;
}

/** The commit a tag stands for, annotated or lightweight. @throws {UserError} when the repository lacks it. */
export async function commitOf(repository: string, tag: string): Promise<string> {
  return found(await remoteRef(repository, `refs/tags/${tag}`), repository, tag);
}

function found(commit: string | undefined, repository: string, tag: string): string {
  if (commit) return commit;
  throw new UserError(`${repository} has no tag ${tag}: push it with git push origin ${tag}`);
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

/** The commit behind a ref (an annotated tag is followed to its commit), or undefined when there is no such ref. */
async function remoteRef(repository: string, ref: string): Promise<string | undefined> {
  const refs = await remoteRefs(repository, ref, `${ref}^{}`);
  return refs.get(`${ref}^{}`) ?? refs.get(ref);
}

/**
 * The objects behind a remote's refs, by name; `refs/tags/v1.2.3^{}` is the commit behind an annotated tag.
 * @param patterns which refs, as git ls-remote takes them
 * @throws {UserError} when the repository cannot be read
 */
export async function remoteRefs(repository: string, ...patterns: string[]): Promise<ReadonlyMap<string, string>> {
  const listed = await exec("git", ["ls-remote", repository, ...patterns], { env: gitEnvironment(), timeout: TIMEOUT });
  succeeded(`${repository} cannot be read`, listed);
  return new Map(listed.stdout.split("\n").map((line) => line.split("\t").reverse() as [string, string]));
}

/**
 * What a remote's annotated tag says: its message, and a file at its commit.
 * @returns no file when the commit has none of that name
 * @throws {UserError} when the tag cannot be fetched
 */
export async function tagContent(
  repository: string,
  tag: string,
  file: string,
): Promise<{ readonly message: string; readonly file?: string }> {
  const clone = await mkdtemp(join(tmpdir(), "smeshnet-"));
  try {
    const git = (...args: string[]) => exec("git", args, { cwd: clone, env: gitEnvironment(), timeout: TIMEOUT });
    succeeded("a repository cannot be made", await git("init", "--quiet", "--bare"));
    const fetched = await git("fetch", "--quiet", "--depth", "1", repository, `refs/tags/${tag}`);
    succeeded(`${tag} of ${repository} cannot be fetched`, fetched);
    const { stdout: object } = await git("cat-file", "tag", "FETCH_HEAD");
    const shown = await git("show", `FETCH_HEAD^{commit}:${file}`);
    const message = object.slice(object.indexOf("\n\n") + 2);
    return shown.exitCode === 0 ? { message, file: shown.stdout } : { message };
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** @throws {UserError} with what git or the remote said, when a command has failed. */
function succeeded(problem: string, { exitCode, stderr }: Finished): void {
  if (exitCode === 0) return;
  throw new UserError(`${problem} (${complaint(stderr)}): look at its URL and at your rights, and run this again`);
}

/** The reason in git's error output: the remote's own words, or else the first line, which general advice follows. Pure. */
export function complaint(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const said = lines.filter((line) => line !== "" && !/^warning:/i.test(line));
  const remote = said.filter((line) => line.startsWith("remote: "));
  const reason = remote.length > 0 ? remote : said.slice(0, 1);
  return reason.map((line) => line.replace(/^(remote|fatal|error): +/, "")).join(", ") || "git does not say why";
}

/** Never ask a person: nobody is there. Variables that git sets for hooks would point it at the wrong repository. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_QUARANTINE_PATH, GIT_OBJECT_DIRECTORY, ...rest } = process.env;
  return { ...rest, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}
