import { git } from "../../base/clients/git";
import { UserError } from "../../base/lib/errors";
import { compareBuildTags, isBuildTag, parseBuildTag, parseReleaseTag } from "../../base/model/build-tag";
import type { Records } from "./facts";
import { looksLikeVersion } from "./forms";
import { type ReleaseBranch, type Repository, targetOf } from "./gather";
import { type Judged, judged, judgedByForm } from "./judge";

/** The object by which git reports a ref that was not there, or that is deleted (githooks(5)). */
const NOTHING = /^0+$/;

/** A ref that a push changes. */
interface Update {
  readonly old: string;
  readonly new: string;
  readonly ref: string;
}

/** A hook asks neither store nor state: a push must not wait for them. */
const RECORDS: Records = {
  certificate: { state: "unseen", why: "a hook does not ask the store" },
  deployed: { state: "unseen", why: "a hook does not ask the state" },
};

/**
 * Judges the version tags of a push, before its refs change. Tags that look like no version are free, and so is the
 * deletion of a tag. Tags of one push are judged in their order: `v1.2.3+1` may come with `v1.2.3+2`.
 * @param repository bare, with the variables that git gives to the hook
 * @param lines what a pre-receive hook reads: `OLD NEW REF` per line
 * @throws {UserError} when the repository cannot be read, or has no release branch
 */
export async function judgedPush(repository: Repository, lines: string): Promise<Judged[]> {
  const updates = lines.split("\n").flatMap(readUpdate);
  const tags = updates.flatMap((update) => {
    const tag = /^refs\/tags\/(.+)$/.exec(update.ref)?.[1];
    return tag !== undefined && looksLikeVersion(tag) && !NOTHING.test(update.new) ? [{ tag, update }] : [];
  });
  const wrong = tags.flatMap(({ tag }) => judgedByForm(tag) ?? []);
  const right = tags
    .filter(({ tag }) => !judgedByForm(tag))
    .sort((a, b) => compareBuildTags(order(a.tag), order(b.tag)));
  if (right.length === 0) return wrong;
  const branch = await defaultBranch(repository, updates);
  const before = new Map<string, string>();
  const all: Judged[] = [];
  for (const { tag, update } of right) {
    const target = await targetOf(repository, update.new);
    const question = { tag, isNew: NOTHING.test(update.old), target, branch, with: new Map(before) };
    all.push(await judged(repository, question, RECORDS));
    if (question.isNew) before.set(tag, target.commit);
  }
  return [...wrong, ...all];
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
