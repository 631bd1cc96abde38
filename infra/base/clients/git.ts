import { LIMITS } from "../lib/bounded";
import { UserError } from "../lib/errors";
import { type ExecOptions, exec, type Finished } from "../lib/exec";
import type { SecretGroup } from "../lib/secrets";
import { withTemporaryFolder } from "../lib/temporary";

/** Time limit of one git command, in seconds. */
const TIMEOUT = 120;

/**
 * git must never ask a person, because nobody is there; its messages are read, so they must be in English. A look at
 * a checkout must not refresh its index on the side.
 */
const VARIABLES = { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" };

/** Variables that git sets for hooks, or that name parts of a repository. They would make it work in the wrong one. */
const OF_HOOKS =
  /^GIT_(DIR|COMMON_DIR|WORK_TREE|IMPLICIT_WORK_TREE|INDEX_FILE|QUARANTINE_PATH|OBJECT_DIRECTORY|NAMESPACE|PREFIX|SHALLOW_FILE|GRAFT_FILE|CONFIG)$/;

/** The secrets that a credential helper of git may need. git runs no code of the repository with them but its hooks. */
const OF_HELPER: readonly SecretGroup[] = ["git", "github"];

/** What git needs besides its arguments. */
export interface GitOptions {
  /** Environment variables that git gets besides ours, such as GIT_INDEX_FILE. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether ssh and signing programs may ask a person for a passphrase. */
  readonly mayAsk?: boolean;
  /** Most bytes of each output; {@link LIMITS.output} by default. */
  readonly limit?: number;
}

/** How git runs, and every program that runs git in turn. */
export const gitOptions = (folder?: string, { variables, mayAsk = false, limit }: GitOptions = {}): ExecOptions => ({
  cwd: folder,
  secrets: OF_HELPER,
  variables: { ...VARIABLES, ...variables },
  without: OF_HOOKS,
  timeout: TIMEOUT,
  limit,
  atTerminal: mayAsk,
});

/**
 * Runs a git command; the caller judges the exit code, e.g. with {@link succeeded}.
 * @param folder working directory; our own by default
 * @throws {UserError} when git is missing or exceeds its time limit
 */
export const git = (args: readonly string[], folder?: string, options?: GitOptions): Promise<Finished> =>
  exec("git", args, gitOptions(folder, options));

/**
 * Settings of a machine or a person that would change what git does in our own clones. Those that a person needs to reach
 * a repository stay: credentials, ssh, proxies, and other addresses (`url.*.insteadOf`).
 */
const OWN_SETTINGS = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.autocrlf=false",
  "core.quotePath=true",
  "commit.gpgSign=false",
  "tag.gpgSign=false",
  "i18n.commitEncoding=UTF-8",
  "i18n.logOutputEncoding=UTF-8",
  "log.showSignature=false",
  "diff.noprefix=false",
  "diff.mnemonicPrefix=false",
  // A clone without history takes what the remote has, also what a stricter git would not make today.
  "transfer.fsckObjects=false",
  "fetch.fsckObjects=false",
  "fetch.prune=false",
  "fetch.recurseSubmodules=false",
  "clone.rejectShallow=false",
  // A push moves the one ref that it names.
  "push.followTags=false",
  "push.gpgSign=false",
  "push.recurseSubmodules=no",
  "push.pushOption=",
  // Nothing works on in a folder that is removed.
  "gc.auto=0",
  "maintenance.auto=false",
].flatMap((setting) => ["-c", setting]);

/** A new repository is of the usual kind, whatever `init.defaultObjectFormat` says. */
const USUAL = { GIT_DEFAULT_HASH: "sha1", GIT_DEFAULT_REF_FORMAT: "files", GIT_TEMPLATE_DIR: "" };

/**
 * Runs git in a clone of our own, which does the same on every machine.
 * @param folder of a bare repository; without it the command makes one, such as `clone`
 * @param limit most bytes of each output
 * @throws {UserError} as {@link git} does
 */
export const ownGit = (args: readonly string[], folder?: string, limit?: number): Promise<Finished> => {
  // It is named, since git may be told to find no bare repository by itself (`safe.bareRepository`).
  const variables = folder === undefined ? USUAL : { ...USUAL, GIT_DIR: folder };
  return git([...OWN_SETTINGS, ...args], folder, { variables, limit });
};

/** Returns the commit of a tag. @throws {UserError} when the repository has no such tag, and so there is no commit */
export function requireTag(commit: string | undefined, repository: string, tag: string): string {
  if (commit) return commit;
  throw new UserError("TagMissing", `${repository} has no tag ${tag}.`, `Push it with \`git push origin ${tag}\`.`);
}

/** The commits of refs in a remote repository, also behind annotated tags; undefined where there is no such ref. */
export async function commitsOf(repository: string, names: readonly string[]): Promise<(string | undefined)[]> {
  const refs = await remoteRefs(repository, ...names.flatMap((name) => [name, `${name}^{}`]));
  return names.map((name) => refs.get(`${name}^{}`) ?? refs.get(name));
}

/** What a tag of a remote repository points to, and the commit behind it; undefined when there is no such tag. */
export async function tagAt(
  repository: string,
  tag: string,
): Promise<{ readonly object: string; readonly commit: string } | undefined> {
  const ref = `refs/tags/${tag}`;
  const refs = await remoteRefs(repository, ref, `${ref}^{}`);
  const object = refs.get(ref);
  return object === undefined ? undefined : { object, commit: refs.get(`${ref}^{}`) ?? object };
}

/**
 * The objects of a remote repository's refs, by name. `refs/tags/v1.2.3^{}` is the commit behind an annotated tag.
 * @param patterns which refs, as `git ls-remote` takes them
 * @throws {UserError} when the repository cannot be read
 */
export async function remoteRefs(repository: string, ...patterns: string[]): Promise<ReadonlyMap<string, string>> {
  const listed = await git(["ls-remote", repository, ...patterns]);
  succeeded(`${repository} cannot be read`, listed);
  const lines = listed.stdout.split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split("\t")).map(([object = "", ref = ""]) => [ref, object]));
}

/** A tag of a remote repository, as it was decided on. */
export interface DecidedTag {
  readonly tag: string;
  /** What the ref points to: the tag's own object, or the commit of a lightweight tag. */
  readonly object: string;
}

/**
 * The message of an annotated tag in a remote repository, and a file at its commit.
 * @param object what the tag must still point to, if that was decided
 * @returns no `file` when the commit has none of this name
 * @throws {UserError} when the tag cannot be fetched, or has moved
 */
export async function tagContent(
  repository: string,
  tag: string,
  file: string,
  object?: string,
): Promise<{ readonly message: string; readonly file?: string }> {
  return withTemporaryFolder(async (clone) => {
    if (object === undefined) await fetchTag(repository, tag, clone);
    else await fetchDecidedTag(repository, { tag, object }, clone);
    const { stdout: content } = await ownGit(["cat-file", "tag", "FETCH_HEAD"], clone, LIMITS.tag);
    const shown = await ownGit(["cat-file", "blob", `FETCH_HEAD^{commit}:${file}`], clone, LIMITS.document);
    const message = messageIn(content);
    return shown.exitCode === 0 ? { message, file: shown.stdout } : { message };
  });
}

/**
 * The message of a tag in a remote repository, empty when the tag is not annotated, and the commit that it names.
 * @throws {UserError} when the tag cannot be fetched
 */
export const tagMessage = (
  repository: string,
  tag: string,
): Promise<{ readonly message: string; readonly commit: string }> =>
  withTemporaryFolder(async (clone) => {
    await fetchTag(repository, tag, clone);
    const message = messageIn((await ownGit(["cat-file", "tag", "FETCH_HEAD"], clone, LIMITS.tag)).stdout);
    return { message, commit: (await ownGit(["rev-parse", "FETCH_HEAD^{}"], clone)).stdout.trim() };
  });

/** The message of a tag object, with its signature if there is one. */
const messageIn = (object: string): string => (object === "" ? "" : object.slice(object.indexOf("\n\n") + 2));

/**
 * Makes a bare repository with one tag of a remote repository in it, as `FETCH_HEAD`.
 * @param folder an empty folder
 * @throws {UserError} when the tag cannot be fetched
 */
export async function fetchTag(repository: string, tag: string, folder: string): Promise<void> {
  succeeded(`Tag ${tag} of ${repository} cannot be fetched`, await fetchInto(folder, repository, `refs/tags/${tag}`));
}

/** The same with a tag that was decided on. @throws {UserError} also when it has moved since */
export async function fetchDecidedTag(repository: string, { tag, object }: DecidedTag, folder: string): Promise<void> {
  await fetchTag(repository, tag, folder);
  const fetched = (await git(["rev-parse", "--verify", "FETCH_HEAD"], folder)).stdout.trim();
  if (fetched === object) return;
  throw new UserError(
    "TagChanged",
    `${tag} of ${repository} pointed to ${object}, and to ${fetched} a moment later.`,
    "Find out who moved it, then run the command again.",
  );
}

/**
 * The same with a commit by its full name, for which there need be no tag or branch any more.
 * @throws {UserError} when the repository does not give the commit
 */
export async function fetchCommit(repository: string, commit: string, folder: string): Promise<void> {
  const fetched = await fetchInto(folder, repository, commit);
  if (/not our ref|unadvertised object/.test(fetched.stderr)) {
    throw new UserError(
      "CommitMissing",
      `${repository} does not give commit ${commit}: it is gone, or no tag or branch points to it.`,
      "Push a tag or a branch that points to the commit, then run the command again.",
    );
  }
  succeeded(`Commit ${commit} of ${repository} cannot be fetched`, fetched);
}

/**
 * Points a ref of a remote repository to a commit while the ref still has its old value; the caller judges the end.
 * @param previous the old value; undefined for a new ref
 * @param folder a repository that has the commit
 */
export const pushWithLease = (
  repository: string,
  ref: string,
  { commit, previous, folder }: { commit: string; previous: string | undefined; folder: string },
): Promise<Finished> =>
  ownGit(["push", "--quiet", `--force-with-lease=${ref}:${previous ?? ""}`, repository, `${commit}:${ref}`], folder);

async function fetchInto(folder: string, repository: string, what: string): Promise<Finished> {
  succeeded(`No repository can be made in ${folder}`, await ownGit(["init", "--quiet", "--bare"], folder));
  return ownGit(["fetch", "--quiet", "--depth", "1", "--no-tags", repository, what], folder);
}

/**
 * Checks that a git command succeeded.
 * @param problem says what failed, as the beginning of a sentence: `Branch devnet cannot be moved`
 * @throws {UserError} with the reason that git or the remote gave
 */
export function succeeded(problem: string, { exitCode, stderr }: Finished): void {
  if (exitCode === 0) return;
  throw new UserError(
    "GitFailed",
    `${problem} (${complaint(stderr)}).`,
    "Check the URL and your permissions, then run the command again.",
  );
}

/**
 * The reason in git's error output: the remote's lines, or else the first line, since general advice follows it. It
 * holds no credentials: git's configuration may put some into a URL (`url.*.insteadOf`).
 */
export function complaint(stderr: string): string {
  const lines = stderr
    .replace(/(\w:\/\/)[^/@\s]*@/g, "$1***@")
    .split("\n")
    .map((line) => line.trim());
  const words = lines.filter((line) => line !== "" && !/^warning:/i.test(line));
  const remote = words.filter((line) => line.startsWith("remote: "));
  const reason = remote.length > 0 ? remote : words.slice(0, 1);
  return reason.map((line) => line.replace(/^(remote|fatal|error): +/, "")).join(", ") || "git gave no reason";
}
