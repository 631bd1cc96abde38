import { tagMessage } from "../base/clients/git";
import { isBuildTag, parseBuildTag } from "../base/model/build-tag";
import { tagMoved } from "../base/model/source";
import { type Superseded, supersededIn } from "../base/model/trailers";

/**
 * The build that a build tag supersedes, and why, as the tag's message says. Asked once, by the step that also decides
 * on the commit (docs/decisions/0009): no preview depends on it.
 * @returns undefined for a first build, a release tag, and a tag that does not say
 * @throws {UserError} when the tag cannot be fetched, or names another commit by now
 */
export async function supersededBy(
  repository: string,
  { tag, commit }: { readonly tag: string; readonly commit: string },
): Promise<Superseded | undefined> {
  if (!isBuildTag(tag) || parseBuildTag(tag).build === 1) return undefined;
  const found = await tagMessage(repository, tag);
  const moved = tagMoved({ tag, repository, deployed: commit, tagged: found.commit });
  if (moved) throw moved;
  return supersededIn(found.message);
}
