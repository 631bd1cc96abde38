import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { exec, type Finished } from "../lib/exec";

/** Longest time of one git command, in seconds. */
export const TIMEOUT = 120;

/** The commit a tag stands for, annotated or lightweight. @throws {UserError} when the repository lacks it. */
export async function commitOf(repository: string, tag: string): Promise<string> {
  return found(await remoteRef(repository, `refs/tags/${tag}`), repository, tag);
}

export function found(commit: string | undefined, repository: string, tag: string): string {
  if (commit) return commit;
  throw new UserError(`${repository} has no tag ${tag}: push it with git push origin ${tag}`);
}

/** The commit behind a ref (an annotated tag is followed to its commit), or undefined when there is no such ref. */
export async function remoteRef(repository: string, ref: string): Promise<string | undefined> {
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
export function succeeded(problem: string, { exitCode, stderr }: Finished): void {
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
export function gitEnvironment(): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_QUARANTINE_PATH, GIT_OBJECT_DIRECTORY, ...rest } = process.env;
  return { ...rest, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}
