import { commitsOf } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Promotion, Recorded, Target } from "../base/model/promotion";

/** A release tag and the commit that it names. */
export type Source = Pick<Target, "release" | "commit">;

/** The error for a release tag that names another commit than the one that was decided; undefined when it names that. */
export function releaseTagMoved(
  { release, commit }: Source,
  tagged: string | undefined,
  repository: string,
  decided: string,
): UserError | undefined {
  if (tagged === commit) return undefined;
  const now = tagged === undefined ? `is not in ${repository} any more` : `points to ${tagged} in ${repository}`;
  return new UserError(
    "ReleaseTagMoved",
    `${release} ${now}, but ${decided} ${commit}.`,
    `A released tag never moves: release the new commit as the next version, or move the tag back with \`git tag -a --force ${release} ${commit} && git push --force origin ${release}\`.`,
  );
}

/**
 * Refuses a release whose tag named another commit when a channel was promoted to it. A promotion that was given up
 * decides nothing.
 * @param refs of the repository, by name; a release that is not among them is left to others
 * @throws {UserError} with both commits
 */
export function requireSameCommit(
  promotions: readonly Recorded[],
  release: string,
  refs: ReadonlyMap<string, string>,
  repository: string,
): void {
  const tagged = refs.get(`refs/tags/${release}^{}`) ?? refs.get(`refs/tags/${release}`);
  const before = promotions.findLast((one) => one.release === release && !one.abandoned);
  if (tagged === undefined || !before) return;
  const decided = `generation ${before.generation} of ${before.channel} was decided for`;
  const moved = releaseTagMoved(before, tagged, repository, decided);
  if (moved) throw moved;
}

/**
 * Refuses a promotion whose release tag moved after it was decided, before anything is recorded or moves. A demotion
 * goes to the commit on record, wherever tags point by now.
 * @throws {UserError} with both commits
 */
export async function requireTagStays(promotion: Promotion, repository: string): Promise<void> {
  if (promotion.kind === "demotion") return;
  const [tagged] = await commitsOf(repository, [`refs/tags/${promotion.release}`]);
  const moved = releaseTagMoved(promotion, tagged, repository, "this promotion was decided for");
  if (moved) throw moved;
}
