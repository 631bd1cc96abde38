import { UserError } from "../lib/errors";

/** The variable in which a deployment tells its first step the commit that it checked. */
export const DECIDED_COMMIT = "DECIDED_COMMIT";

/** What a build tag names at the remote, and what was deployed. */
export interface Source {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** URL of the node repository. */
  readonly repository: string;
  /** The commit that the deployment recorded, 40 or 64 hexadecimal digits. */
  readonly deployed: string;
  /** The commit that the tag points to now; undefined when the repository has no such tag any more. */
  readonly tagged: string | undefined;
}

/**
 * The error for a build tag that no longer names the commit that was deployed; undefined when the tag still does. A
 * deployed tag never moves: images, release and certificate all name the commit by this tag.
 */
export function tagMoved({ tag, repository, deployed, tagged }: Source): UserError | undefined {
  if (tagged === deployed) return undefined;
  if (tagged === undefined) {
    return new UserError(
      "TagDeleted",
      `${repository} has no tag ${tag} any more, but ${tag} was deployed from ${deployed}.`,
      `Restore the tag with \`git tag ${tag} ${deployed} && git push origin ${tag}\`.`,
    );
  }
  return new UserError(
    "TagMoved",
    `${tag} points to ${tagged} in ${repository}, but was deployed from ${deployed}.`,
    "A deployed tag never moves: tag the new commit as the next build, or move the tag back with " +
      `\`git tag --force ${tag} ${deployed} && git push --force origin ${tag}\`.`,
  );
}
