import { git } from "../../base/clients/git";
import { UserError } from "../../base/lib/errors";
import { compareBuildTags, isBuildTag, parseBuildTag, parseReleaseTag } from "../../base/model/build-tag";
import type { Records, Signing, Target } from "./facts";
import { looksLikeVersion } from "./forms";
import { type ReleaseBranch, type Repository, targetOf } from "./gather";
import { type Judged, judged, judgedByForm } from "./judge";
import { short, type Violation } from "./violation";

/** The object by which git reports a ref that was not there, or that is deleted (githooks(5)). */
const NOTHING = /^0+$/;

/** A ref that a push changes. */
interface Update {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

/**
 * A hook asks neither store nor state: a push must not wait for them. It need not know what was deployed, since it lets
 * no version tag move.
 */
const RECORDS: Records = {
  certificate: { state: "unseen", why: "a hook does not ask the store" },
  deployed: { state: "none" },
};

/**
 * Judges the version tags of a push, before its refs change. Tags that look like no version are free. A version tag that
 * is there neither moves nor goes, and may become annotated. Tags of one push are judged in their order: `v1.2.3+1` may
 * come with `v1.2.3+2`.
 * @param repository bare, with the variables that git gives to the hook
 * @param lines what a pre-receive hook reads: `OLD NEW REF` per line
 * @param signing who may sign; absent when nobody has to
 * @throws {UserError} when the repository cannot be read, or has no release branch
 */
export async function judgedPush(repository: Repository, lines: string, signing?: Signing): Promise<Judged[]> {
  const updates = lines.split("\n").flatMap(readUpdate);
  const tags = updates.flatMap((update) => {
    const tag = /^refs\/tags\/(.+)$/.exec(update.ref)?.[1];
    return tag !== undefined && looksLikeVersion(tag) ? [{ tag, update }] : [];
  });
  // A tag of another form may go.
  const wrong = tags.flatMap(({ tag, update }) => (isDeletion(update) ? [] : (judgedByForm(tag) ?? [])));
  const right = tags
    .filter(({ tag }) => !judgedByForm(tag))
    .sort((a, b) => compareBuildTags(order(a.tag), order(b.tag)));
  if (right.length === 0) return wrong;
  const branch = await defaultBranch(repository, updates);
  const before = new Map<string, string>();
  const all: Judged[] = [];
  for (const { tag, update } of right) {
    const target = isDeletion(update) ? undefined : await targetOf(repository, update.new);
    const leaving = await leaves(repository, tag, update, target);
    if (leaving) all.push({ tag, violations: [leaving], unseen: [] });
    if (leaving || !target) continue;
    const isNew = NOTHING.test(update.old);
    const question = { tag, isNew, target, branch, with: new Map(before), object: update.new, signing };
    all.push(await judged(repository, question, RECORDS));
    if (question.isNew) before.set(tag, target.commit);
  }
  return [...wrong, ...all];
}

const isDeletion = (update: Update): boolean => NOTHING.test(update.new);

/** A push of a version tag starts CI, so its commit may be deployed already. A deletion is half of a move. */
async function leaves(
  repository: Repository,
  tag: string,
  { old }: Update,
  target: Target | undefined,
): Promise<Violation | undefined> {
  if (NOTHING.test(old)) return undefined;
  const { commit } = await targetOf(repository, old);
  if (commit === target?.commit) return undefined;
  const fix = "Leave it there, and tag what replaces it as the next build with `smeshnet tag build`.";
  return target
    ? { rule: "moved", what: `${tag} is pushed on ${short(commit)}, and would move to ${short(target.commit)}.`, fix }
    : { rule: "deleted", what: `${tag} is pushed on ${short(commit)}, and would be deleted.`, fix };
}

function readUpdate(line: string): Update[] {
  const [old, fresh, ref] = line.split(" ");
  return old && fresh && ref ? [{ old, new: fresh, ref }] : [];
}

/** A release comes after the builds of its version. */
const order = (tag: string) =>
  isBuildTag(tag) ? parseBuildTag(tag) : { ...parseReleaseTag(tag), build: Number.POSITIVE_INFINITY };

/** The release branch of a server is its default branch, as the push leaves it. */
async function defaultBranch({ folder }: Repository, updates: readonly Update[]): Promise<ReleaseBranch> {
  const head = await git(["symbolic-ref", "HEAD"], folder);
  const ref = head.stdout.trim();
  const name = ref.replace(/^refs\/heads\//, "");
  const moved = updates.find((update) => update.ref === ref)?.new;
  const commit = moved ?? (await git(["rev-parse", "--quiet", "--verify", ref], folder)).stdout.trim();
  if (commit && !NOTHING.test(commit)) return { name, commit };
  throw new UserError(
    "ReleaseBranchMissing",
    `${folder} has no branch ${name}, from which versions are tagged.`,
    `Push it first with \`git push origin ${name}\`.`,
  );
}
