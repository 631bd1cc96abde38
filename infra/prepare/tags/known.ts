import { buildTag, compareBuildTags, isBuildTag, parseBuildTag } from "../../base/model/build-tag";
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

/** A checkout that has what its remote has. */
export interface Open extends Compared {
  readonly checkout: Connected;
}

/** Looks a tag up. */
export async function knownTag({ checkout, tags, there }: Open, tag: string): Promise<KnownTag | undefined> {
  const { folder } = checkout;
  if (!tags.includes(tag)) return undefined;
  const ref = `refs/tags/${tag}`;
  const [object, commit, message] = await Promise.all([
    asked(folder, "rev-parse", "--verify", ref),
    asked(folder, "rev-parse", "--verify", `${ref}^{commit}`),
    asked(folder, "for-each-ref", "--format=%(contents)", ref),
  ]);
  return { tag, object, commit, message, isPushed: there.get(ref) === object };
}

/** Looks the newest build tag of a version up. */
export async function newestBuild(open: Open, release: string): Promise<KnownTag | undefined> {
  const builds = open.tags.filter((tag) => tag.startsWith(`${release}+`) && isBuildTag(tag)).map(parseBuildTag);
  const newest = builds.sort(compareBuildTags).at(-1);
  return newest && knownTag(open, buildTag(newest));
}
