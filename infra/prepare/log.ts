import {
  compareBuildTags,
  isBuildTag,
  isReleaseTag,
  parseBuildTag,
  parseReleaseTag,
  type Release,
  releaseTag,
} from "../base/model/build-tag";
import { asked, CHANGELOG, type Checkout } from "./checkout";
import type { LoggedCommit } from "./commits";

/** The last version that was named, by its tags. */
export interface LastVersion {
  readonly version: Release;
  /** Its release tag, or else its newest build tag. */
  readonly tag: string;
  /** Its other tags on the same commit. */
  readonly also: readonly string[];
}

/** A version tag, ordered as builds are: the release comes after all builds. */
interface VersionTag extends Release {
  readonly tag: string;
  readonly build: number;
}

/**
 * The highest version among the tags of the log. A build tag counts too: its version has a name, and its changes have
 * their section.
 */
export async function lastVersion({ folder, head }: Checkout): Promise<LastVersion | undefined> {
  const printed = await asked(folder, "for-each-ref", `--merged=${head}`, "--format=%(refname)", "refs/tags/v*");
  const tags = printed.split("\n").flatMap((ref) => versionTag(ref.replace(/^refs\/tags\//, "")));
  const newest = tags.sort(compareBuildTags).at(-1);
  if (!newest) return undefined;
  const { major, minor, patch, tag } = newest;
  const commit = await asked(folder, "rev-parse", `refs/tags/${tag}^{commit}`);
  const same = await asked(folder, "for-each-ref", `--points-at=${commit}`, "--format=%(refname)", "refs/tags/v*");
  const also = same.split("\n").flatMap((ref) => versionTag(ref.replace(/^refs\/tags\//, "")));
  return {
    version: { major, minor, patch },
    tag,
    also: also.map((one) => one.tag).filter((one) => one !== tag),
  };
}

/** The version that a tag is of. */
export const releaseOf = (tag: string): string =>
  releaseTag(tag.includes("+") ? parseBuildTag(tag) : parseReleaseTag(tag));

/** The commits since a version, newest first; all of them before the first version. */
export async function commitsSince({ folder, head }: Checkout, last: LastVersion | undefined): Promise<LoggedCommit[]> {
  const format = ["-z", "--format=%H%n%P%n%s%n%b", "--no-show-signature", "--no-color"];
  const printed = await asked(folder, "log", ...format, "--topo-order", ...rangeOf(head, last), "--");
  return printed.split("\0").filter(Boolean).map(readCommit);
}

/** Those of the same commits that change the changelog alone: they tell changes and bring none. */
export async function tellingSince(
  { folder, head }: Checkout,
  last: LastVersion | undefined,
): Promise<ReadonlySet<string>> {
  const touching = async (path: string) => {
    const args = ["--no-merges", "--full-history", "--format=%H", ...rangeOf(head, last), "--", path];
    return (await asked(folder, "log", ...args)).split("\n");
  };
  const [told, changing] = await Promise.all([touching(CHANGELOG), touching(`:(exclude)${CHANGELOG}`)]);
  return new Set(told.filter((hash) => !changing.includes(hash)));
}

const rangeOf = (head: string, last: LastVersion | undefined): readonly string[] =>
  last ? [head, `^refs/tags/${last.tag}^{commit}`] : [head];

function readCommit(record: string): LoggedCommit {
  const [hash = "", parents = "", subject = "", ...body] = record.split("\n");
  return { hash, parents: parents.split(" ").filter(Boolean), subject, body: body.join("\n") };
}

function versionTag(tag: string): VersionTag[] {
  if (isBuildTag(tag)) return [{ ...parseBuildTag(tag), tag }];
  return isReleaseTag(tag) ? [{ ...parseReleaseTag(tag), build: Number.POSITIVE_INFINITY, tag }] : [];
}
