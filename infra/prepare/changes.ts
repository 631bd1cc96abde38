import { numbersIn, type ReadCommit } from "./commits";

/** A change that the log brings: the commits of one pull request, or a commit without one. */
export interface Change {
  /** The subject of its first commit. */
  readonly title: string;
  /** The numbers that name it, the pull request first. */
  readonly numbers: readonly number[];
  /** Oldest first; fixups and merges are left out. */
  readonly commits: readonly ReadCommit[];
}

/** What the commits since a release come to. */
export interface Changes {
  /** Newest first. */
  readonly changes: readonly Change[];
  /** Pairs that come to nothing: a commit and what took it back. */
  readonly undone: readonly (readonly [commit: ReadCommit, revert: ReadCommit])[];
}

/** The commit that names a version. */
export const RELEASING = /^Releasing (v\d+\.\d+\.\d+)$/;

/**
 * Sums up the commits since a release. Reverted commits come to nothing, a fixup belongs to its commit, and a merge is
 * told by the commits that it brought. `Releasing v1.2.3` is no change.
 * @param commits newest first, as `git log` lists them
 */
export function changesIn(commits: readonly ReadCommit[]): Changes {
  const undone = undoneIn(commits);
  const gone = new Set(undone.flat());
  const merged = numbersOfMerges(commits);
  const left = commits.filter((one) => !gone.has(one) && one.parents.length < 2 && !RELEASING.test(one.title));
  const whole = left.filter((one) => one.fixes === undefined || !commits.some((other) => other.title === one.fixes));
  const groups = new Map<string, ReadCommit[]>();
  for (const commit of whole) {
    const [number] = requestOf(commit, merged);
    const key = number === undefined ? commit.hash : `#${number}`;
    groups.set(key, [commit, ...(groups.get(key) ?? [])]);
  }
  const changes = [...groups.values()].map((group) => ({
    title: group[0]?.fixes ?? group[0]?.title ?? "",
    numbers: [...new Set(group.flatMap((commit) => [...requestOf(commit, merged), ...commit.numbers]))],
    commits: group,
  }));
  return { changes, undone };
}

/** The numbers that its pull request goes by: at the end of a squashed commit's subject, or else in its merge. */
const requestOf = ({ hash, title }: ReadCommit, merged: ReadonlyMap<string, readonly number[]>): readonly number[] => {
  const own = /\(#(\d{1,9})\)$/.exec(title)?.[1];
  return [...(own === undefined ? [] : [Number(own)]), ...(merged.get(hash) ?? [])];
};

/** Commits that a later one takes back, each with it. The revert of a revert brings the first commit back. */
function undoneIn(commits: readonly ReadCommit[]): [ReadCommit, ReadCommit][] {
  const undone: [ReadCommit, ReadCommit][] = [];
  const gone = new Set<ReadCommit>();
  for (const [index, commit] of commits.entries()) {
    if (!commit.reverted || gone.has(commit)) continue;
    const { subject, hash } = commit.reverted;
    const older = commits.slice(index + 1).filter((one) => !gone.has(one));
    const target =
      older.find((one) => hash !== undefined && one.hash.startsWith(hash)) ??
      older.find((one) => one.title === subject || one.subject === subject);
    if (!target) continue;
    gone.add(target);
    undone.push([target, commit]);
  }
  return undone;
}

/** The numbers of the merge that brought a commit, by its hash. Of several merges the innermost counts. */
function numbersOfMerges(commits: readonly ReadCommit[]): ReadonlyMap<string, readonly number[]> {
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  const numbers = new Map<string, readonly number[]>();
  // Outer merges are newer than the merges within them, which so come later.
  for (const merge of commits) {
    const [first, ...brought] = merge.parents;
    const named = numbersIn(merge.subject);
    if (first === undefined || brought.length === 0 || named.length === 0) continue;
    const before = reachable(byHash, [first]);
    for (const hash of reachable(byHash, brought)) if (!before.has(hash)) numbers.set(hash, named);
  }
  return numbers;
}

function reachable(byHash: ReadonlyMap<string, ReadCommit>, from: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const commit = byHash.get(hash);
    if (!commit || found.has(hash)) continue;
    found.add(hash);
    open.push(...commit.parents);
  }
  return found;
}
