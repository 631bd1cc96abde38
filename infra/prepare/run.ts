import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type Release, releaseTag } from "../base/model/build-tag";
import { type Entry, entriesOf, proseOf } from "../base/model/changelog/entries";
import { type Changelog, readChangelog, sectionOf, unreleasedOf } from "../base/model/changelog/read";
import { type Choice, choose, type Proposal, propose, type Wish, wished } from "./bump";
import { releasedChangelog } from "./changelog";
import { type Changes, changesIn, RELEASING } from "./changes";
import { type Checkout, inspectCheckout, readChangelogFile, treeOf } from "./checkout";
import { type LoggedCommit, numbersIn, readCommits } from "./commits";
import { compareSides, type Sides } from "./compare";
import { diffOf, isUnchanged, madeCommit } from "./draft";
import { finish, forgetKilled, land, unfinished } from "./landing";
import { commitsSince, type LastVersion, lastVersion, releaseOf, tellingSince } from "./log";
import { compareWithRemote, localTags, requireRemote } from "./remote";

/** What is asked for. */
export interface Request {
  /** A folder of the checkout. */
  readonly folder: string;
  /** The release branch; the remote's default branch unless told. */
  readonly branch?: string;
  readonly wish: Wish;
  /** Whether the command shows what it would do, and changes nothing. */
  readonly isDry: boolean;
}

/** What the log and the changelog say about the next version. */
export interface Plan extends Pick<Changes, "undone"> {
  readonly last: LastVersion | undefined;
  readonly sides: Sides;
  readonly entries: readonly Entry[];
  readonly proposal: Proposal;
}

/** The person at the terminal, or flags in place of one. */
export interface Person {
  /** Sees the plan before anything is asked. */
  readonly sees: (plan: Plan) => void;
  /** Chooses a version. @throws {UserError} when the person gives up */
  readonly chooses: (proposal: Proposal, wish: Wish) => Promise<Wish>;
  /** Agrees to a commit. @throws {UserError} when the person gives up */
  readonly agrees: (release: string, diff: string) => Promise<void>;
}

/** How it ended. */
export type Prepared =
  | {
      readonly state: "planned";
      readonly plan: Plan;
      readonly choice: Choice;
      readonly date: string;
      readonly diff: string;
    }
  | {
      readonly state: "committed";
      readonly plan: Plan;
      readonly choice: Choice;
      readonly date: string;
      readonly commit: string;
      readonly branch: string;
    }
  /** An earlier run made the commit; `wasFinished` when this one brought the tree to it. */
  | { readonly state: "prepared"; readonly release: string; readonly commit: string; readonly wasFinished: boolean };

/**
 * Prepares a release in a checkout of the node repository: compares log and changelog, chooses the version, and commits
 * the changelog of the release. Until the commit is made nothing changes.
 * @throws {UserError} when the checkout is not ready, the changelog cannot be released, or the version is refused
 */
export async function prepare({ folder, branch, wish, isDry }: Request, person: Person, run: Run): Promise<Prepared> {
  const tree = await treeOf(folder);
  const killed = await continueKilled(tree, isDry);
  if (killed) return killed;
  const checkout = await inspectCheckout(tree);
  const bytes = await readChangelogFile(checkout);
  const changelog = readChangelog(bytes);
  const tags = await tagsOf(checkout, { branch, isDry }, run);
  const last = await lastVersion(checkout);
  const [commits, telling] = await Promise.all([commitsSince(checkout, last), tellingSince(checkout, last)]);
  const prepared = preparedBefore(commits, changelog, tags, wished(last?.version, wish));
  if (prepared && !checkout.isChangelogEdited) return prepared;
  const plan = await planned(last, { commits, telling }, changelog);
  person.sees(plan);
  const final = await person.chooses(plan.proposal, wish);
  requireNew(wished(last?.version, final) ?? plan.proposal.version, tags);
  const choice = choose(plan.proposal, final);
  const date = new Date(run.clock.now()).toISOString().slice(0, "2026-11-29".length);
  const release = releaseTag(choice.version);
  const content = releasedChangelog(bytes, { version: release.slice(1), date });
  const diff = await diffOf(checkout, content);
  if (isDry) return { state: "planned", plan, choice, date, diff };
  await person.agrees(release, diff);
  const commit = await commitRelease(checkout, { release, reason: choice.reason, old: bytes, content }, run);
  return { state: "committed", plan, choice, date, commit, branch: checkout.branch };
}

/** The version tags. A dry run changes nothing, so it may look at a checkout without a remote. */
async function tagsOf(checkout: Checkout, { branch, isDry }: Pick<Request, "branch" | "isDry">, run: Run) {
  if (isDry && checkout.remote === undefined) {
    run.say("no remote: branch and tags are not compared");
    return localTags(checkout);
  }
  requireRemote(checkout);
  return (await compareWithRemote(checkout, branch)).tags;
}

/** The log since the last version beside the changelog, and the version they ask for. */
async function planned(
  last: LastVersion | undefined,
  { commits, telling }: { readonly commits: readonly LoggedCommit[]; readonly telling: ReadonlySet<string> },
  changelog: Changelog,
): Promise<Plan> {
  if (last && commits.length === 0) {
    throw new UserError(
      "NothingToRelease",
      `The log has no commit since ${last.tag}.`,
      "Commit what the next version changes, then run the command again.",
    );
  }
  const { changes, undone } = changesIn(await readCommits(commits.filter(({ hash }) => !telling.has(hash))));
  const open = unreleasedOf(changelog);
  const prose = proseOf(open);
  // A paragraph says what kind of change there is, but tells a change of the log only when it names a number.
  const entries = [...entriesOf(open), ...prose.filter(({ text }) => numbersIn(text).length > 0)];
  const commitsLeft = changes.flatMap((change) => change.commits);
  const proposal = propose(last?.version, commitsLeft, [...entriesOf(open), ...prose]);
  return { last, entries, sides: compareSides(changes, entries), undone, proposal };
}

async function commitRelease(
  checkout: Checkout,
  { release, reason, old, content }: { release: string; reason?: string; old: Uint8Array; content: Uint8Array },
  run: Run,
): Promise<string> {
  const trailer = reason === undefined ? "" : `\nBump-Reason: ${reason}\n`;
  const commit = await madeCommit(checkout, content, `Releasing ${release}\n${trailer}`);
  if (!(await isUnchanged(checkout, old))) {
    throw new UserError(
      "ChangelogEditedMeanwhile",
      "Somebody edited the changelog while the command ran.",
      "Nothing was changed. Run the command again.",
    );
  }
  run.signal.throwIfAborted();
  await land(checkout, { release, commit }, old, content);
  return commit;
}

/** Finishes what a killed run began, when its commit is on the branch. */
async function continueKilled(folder: string, isDry: boolean): Promise<Prepared | undefined> {
  const left = await unfinished(folder);
  if (left && isDry) {
    throw new UserError(
      "ReleaseUnfinished",
      `The commit Releasing ${left.release} is made, but the tree does not show it yet.`,
      "Run the command without `--dry-run` to finish.",
    );
  }
  if (left) {
    await finish(folder, left);
    return { state: "prepared", release: left.release, commit: left.commit, wasFinished: true };
  }
  if (!isDry) await forgetKilled(folder);
  return undefined;
}

/** The release that the last commit prepared, unless it has a tag already or another version is wanted. */
function preparedBefore(
  [newest]: readonly LoggedCommit[],
  changelog: Changelog,
  tags: readonly string[],
  version: Release | undefined,
): Prepared | undefined {
  const release = RELEASING.exec(newest?.subject ?? "")?.[1];
  if (!newest || release === undefined) return undefined;
  if (version && releaseTag(version) !== release) return undefined;
  if (!sectionOf(changelog, release.slice(1)) || tags.some((tag) => releaseOf(tag) === release)) return undefined;
  return { state: "prepared", release, commit: newest.hash, wasFinished: false };
}

function requireNew(version: Release, tags: readonly string[]): void {
  const release = releaseTag(version);
  const tag = tags.find((one) => releaseOf(one) === release);
  if (tag === undefined) return;
  throw new UserError(
    "VersionTagged",
    `${release} exists already: there is the tag ${tag}.`,
    "Choose another version.",
    2,
  );
}
