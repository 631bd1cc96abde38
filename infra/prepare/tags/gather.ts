import { complaint, type GitOptions, git } from "../../base/clients/git";
import { signatureFault } from "../../base/clients/signed-tag";
import { LIMITS } from "../../base/lib/bounded";
import { UserError } from "../../base/lib/errors";
import { isBuildTag, isReleaseTag, parseBuildTag, parseReleaseTag, releaseTag } from "../../base/model/build-tag";
import { LONGEST_CHANGELOG } from "../../base/model/changelog/limits";
import { CHANGELOG } from "../checkout";
import type { OtherTag, Records, Releasing, Signing, TagFacts, Target } from "./facts";

/** A git repository, bare or with a tree. */
export interface Repository {
  readonly folder: string;
  /** What git needs to see objects in quarantine, which a hook gets from git: see git-receive-pack(1). */
  readonly variables?: GitOptions["variables"];
}

type Bounded = Repository & Pick<GitOptions, "limit">;

/** The release branch, and the commit that it is on. */
export interface ReleaseBranch {
  readonly name: string;
  readonly commit: string;
}

/** The tag that is judged. */
export interface Question {
  /** Of the right form: see {@link formViolation}. */
  readonly tag: string;
  readonly isNew: boolean;
  readonly target: Target;
  readonly branch: ReleaseBranch;
  /** What the tag's ref points to: its own object, by its hash. Absent for a tag that is not made yet. */
  readonly object?: string;
  /** Who may sign it; absent when nobody has to. */
  readonly signing?: Signing;
  /** Version tags that come with it and are no refs yet, with their commits. All are below this one. */
  readonly with?: ReadonlyMap<string, string>;
}

/**
 * Gathers what git says of a version tag.
 * @throws {UserError} when the repository is shallow, since its log is not complete, or cannot be read
 */
export async function factsOf(repository: Repository, question: Question, records: Records): Promise<TagFacts> {
  const { tag, isNew, target, branch } = question;
  await requireWhole(repository);
  if (target.kind !== "commit") {
    const name = branch.name;
    return {
      ...records,
      isNew,
      target,
      branch: { name, hasCommit: false },
      tags: [],
      changelog: undefined,
      releasing: undefined,
    };
  }
  const { commit } = target;
  const [hasCommit, tags, changelog, releasing, signature] = await Promise.all([
    isAncestor(repository, commit, branch.commit),
    tagsOf(repository, question),
    changelogAt(repository, commit),
    releasingOf(repository, releaseTag(isBuildTag(tag) ? parseBuildTag(tag) : parseReleaseTag(tag)), commit),
    signatureOf(repository, question),
  ]);
  const own = { isNew, target, branch: { name: branch.name, hasCommit }, tags, changelog, releasing };
  return { ...records, ...own, ...(signature && { signature }) };
}

async function signatureOf(repository: Repository, { tag, object, signing }: Question): Promise<TagFacts["signature"]> {
  if (!signing || object === undefined) return undefined;
  return signatureFault(tag, object, repository, signing.signers, signing.now);
}

/** What an object is that a tag names. @param object a name that git resolves, such as `refs/tags/v1.2.3` */
export async function targetOf(repository: Repository, object: string): Promise<Target> {
  const [commit, type, own] = await Promise.all([
    read(repository, "rev-parse", "--verify", `${object}^{}`),
    read(repository, "cat-file", "-t", `${object}^{}`),
    read(repository, "cat-file", "-t", object),
  ]);
  const kind = type === "tree" || type === "blob" ? type : "commit";
  if (own !== "tag") return { kind, commit, message: undefined };
  const content = await read({ ...repository, limit: LIMITS.tag }, "cat-file", "tag", object);
  return { kind, commit, message: content.slice(content.indexOf("\n\n") + 2) };
}

/** What the ref of a tag points to: an annotated tag's own object, or a commit. */
export const objectOf = (folder: string, tag: string): Promise<string> =>
  read({ folder }, "rev-parse", "--verify", `refs/tags/${tag}`);

/** @throws {UserError} when the repository is a shallow clone */
export async function requireWhole(repository: Repository): Promise<void> {
  if ((await read(repository, "rev-parse", "--is-shallow-repository")) !== "true") return;
  throw new UserError(
    "CheckoutShallow",
    `${repository.folder} is a shallow clone, whose log is not complete.`,
    "Run `git fetch --unshallow --tags` there.",
    2,
  );
}

async function tagsOf(repository: Repository, question: Question): Promise<OtherTag[]> {
  const { isNew, target, branch } = question;
  const [all, merged] = await Promise.all([
    versionTags(repository),
    read(repository, "for-each-ref", `--merged=${isNew ? branch.commit : target.commit}`, "--format=%(refname)", TAGS),
  ]);
  const older = new Set(merged.split("\n"));
  const known = [...all].map(([tag, commit]) => {
    const isBefore = older.has(`refs/tags/${tag}`) && (isNew || commit !== target.commit);
    return { tag, commit, isBefore };
  });
  const coming = [...(question.with ?? [])].map(([tag, commit]) => ({ tag, commit, isBefore: true }));
  return [...known, ...coming];
}

const TAGS = "refs/tags/v*";

/** All version tags, with the commits behind them. */
export async function versionTags(repository: Repository): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git(["show-ref", "--tags", "--dereference"], repository.folder); // nothing without tags
  const found = new Map<string, string>();
  // The commit behind an annotated tag comes after the tag's own object.
  for (const line of stdout.split("\n")) {
    const [, object, tag] = /^(\w+) refs\/tags\/(.+?)(?:\^\{\})?$/.exec(line) ?? [];
    if (object && tag && (isBuildTag(tag) || isReleaseTag(tag))) found.set(tag, object);
  }
  return found;
}

async function changelogAt(repository: Repository, commit: string): Promise<string | undefined> {
  const listed = await read(repository, "ls-tree", commit, "--", CHANGELOG);
  // A link or a folder of this name is no changelog.
  return listed.startsWith("100")
    ? whole({ ...repository, limit: LONGEST_CHANGELOG }, "cat-file", "blob", `${commit}:${CHANGELOG}`)
    : undefined;
}

/** The newest commit that names a version, also as a merge bot or a squashed pull request writes its subject. */
async function releasingOf(repository: Repository, release: string, commit: string): Promise<Releasing | undefined> {
  const subject = `^(\\[Merged by Bors\\] - )?Releasing ${release.replaceAll(".", "\\.")}( \\(#[0-9]+\\))?$`;
  const format = ["-z", "--format=%H %s", "--no-show-signature", "--no-color", "--topo-order"];
  const logged = await read(repository, "log", ...format, "--extended-regexp", `--grep=${subject}`, commit, "--");
  const found = logged.split("\0").find((line) => new RegExp(subject).test(line.slice(line.indexOf(" ") + 1)));
  if (found === undefined) return undefined;
  const releasing = found.slice(0, found.indexOf(" "));
  const changed = await read(repository, "diff", "--name-only", "-z", "--no-renames", releasing, commit, "--");
  return { commit: releasing, changed: changed.split("\0").filter(Boolean) };
}

async function isAncestor(repository: Repository, old: string, young: string): Promise<boolean> {
  const { folder, variables } = repository;
  return (await git(["merge-base", "--is-ancestor", old, young], folder, { variables })).exitCode === 0;
}

/** What git answers, without its last line end. @throws {UserError} when it fails */
const read = async (repository: Bounded, ...args: string[]): Promise<string> =>
  (await whole(repository, ...args)).replace(/\n$/, "");

async function whole({ folder, variables, limit }: Bounded, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git(args, folder, { variables, limit });
  if (exitCode === 0) return stdout;
  throw new UserError(
    "CheckoutUnreadable",
    `git cannot read ${folder} (${complaint(stderr)}).`,
    `Check it with \`git ${args[0]}\`, then run the command again.`,
  );
}
