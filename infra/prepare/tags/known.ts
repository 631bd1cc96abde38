import { type BuildTag, buildTag, compareBuildTags, isBuildTag, parseBuildTag } from "../../base/model/build-tag";
import { asked } from "../checkout";
import type { Compared, Connected } from "../remote";

/** A version tag of the checkout. */
export interface KnownTag {
  /** `v1.2.3` or `v1.2.3+1` */
  readonly tag: string;
  /** What the ref points to: an annotated tag's own object. */
  readonly object: string;
  /** The commit that it names. */
  readonly commit: string;
  /** Its message; a lightweight tag shows its commit's. */
  readonly message: string;
  readonly isPushed: boolean;
}

/** Looks a tag up. */
export async function knownTag(
  { folder }: Pick<Connected, "folder">,
  { tags, there }: Compared,
  tag: string,
): Promise<KnownTag | undefined> {
  if (!tags.includes(tag)) return undefined;
  const ref = `refs/tags/${tag}`;
  const [object, commit, message] = await Promise.all([
    asked(folder, "rev-parse", "--verify", ref),
    asked(folder, "rev-parse", "--verify", `${ref}^{commit}`),
    asked(folder, "for-each-ref", "--format=%(contents)", ref),
  ]);
  return { tag, object, commit, message, isPushed: there.get(ref) === object };
}

/** The build tags of a version, oldest first. */
export const buildsOf = ({ tags }: Pick<Compared, "tags">, release: string): BuildTag[] =>
  tags
    .filter((tag) => tag.startsWith(`${release}+`) && isBuildTag(tag))
    .map(parseBuildTag)
    .sort(compareBuildTags);

/** The newest build tag of a version, looked up. */
export async function newestBuild(
  checkout: Pick<Connected, "folder">,
  compared: Compared,
  release: string,
): Promise<KnownTag | undefined> {
  const newest = buildsOf(compared, release).at(-1);
  return newest && knownTag(checkout, compared, buildTag(newest));
}
