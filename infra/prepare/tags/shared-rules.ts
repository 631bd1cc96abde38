import { UserError } from "../../base/lib/errors";
import {
  type BuildTag,
  compareBuildTags,
  isBuildTag,
  parseBuildTag,
  parseReleaseTag,
  type Release,
  releaseTag,
} from "../../base/model/build-tag";
import { readChangelogText, sectionOf } from "../../base/model/changelog/read";
import { CHANGELOG } from "../checkout";
import type { OtherTag, TagFacts } from "./facts";
import { short, type Violation } from "./violation";

/** Images, release and certificate all name a commit by its tag, so a deployed tag never moves. */
export function deployedElsewhere(tag: string, { deployed, target }: TagFacts): Violation | undefined {
  if (deployed.state !== "deployed" || deployed.commit === target.commit) return undefined;
  return {
    rule: "moved",
    what: `${tag} points to ${short(target.commit)}, but was deployed from ${short(deployed.commit)}.`,
    fix: "A deployed tag never moves: tag the new commit as the next build.",
  };
}

/** A commit that came to the branch by a merge is on it too. */
export function offBranch(tag: string, { branch, target }: TagFacts): Violation | undefined {
  if (branch.hasCommit) return undefined;
  return {
    rule: "off-branch",
    what: `${tag} points to ${short(target.commit)}, which is not on the release branch ${branch.name}.`,
    fix: `Push the commit to ${branch.name} first, or tag one that is there.`,
  };
}

/** Refuses a version below the last one. @param counts which of the earlier tags are asked */
export function belowLast(
  tag: string,
  release: Release,
  { tags }: TagFacts,
  counts: (tag: string) => boolean,
): Violation | undefined {
  const [last] = tags
    .filter((one) => one.isBefore && counts(one.tag))
    .sort((a, b) => compareBuildTags(ordered(b.tag), ordered(a.tag)));
  if (!last || compareReleases(ordered(last.tag), release) <= 0) return undefined;
  return {
    rule: "below-last",
    what: `${tag} is below the last version, ${last.tag}.`,
    fix: `Release a version above ${releaseTag(ordered(last.tag))}; \`smeshnet prepare\` proposes it.`,
  };
}

/** Refuses to make a tag that exists. */
export function existsAlready(tag: string, { isNew, tags }: TagFacts, fix: string): Violation | undefined {
  const twin = isNew ? tags.find((one) => one.tag === tag) : undefined;
  return twin && { rule: "repeat", what: `${tag} exists already, on ${short(twin.commit)}.`, fix };
}

/** The tag's version must have its section, and only one, in the changelog of its commit. */
export function withoutSection(release: Release, { changelog, target }: TagFacts): Violation | undefined {
  const version = releaseTag(release).slice(1);
  const place = `${CHANGELOG} at ${short(target.commit)}`;
  const fix = `Write the section with \`smeshnet prepare --version v${version}\`, and tag its commit.`;
  if (!changelog) return { rule: "no-changelog", what: `There is no ${place}.`, fix };
  try {
    if (sectionOf(readChangelogText(changelog), version)) return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const rule = error.code === "VersionTwice" ? "section-twice" : "changelog-unreadable";
    return { rule, what: error.what, fix: error.fix };
  }
  return { rule: "no-section", what: `${place} has no section ${version}.`, fix };
}

/** The builds of a version, in order. */
export const buildsOf = (release: Release, tags: readonly OtherTag[]): (OtherTag & { readonly build: BuildTag })[] =>
  tags
    .flatMap((one) => (isBuildTag(one.tag) ? [{ ...one, build: parseBuildTag(one.tag) }] : []))
    .filter(({ build }) => compareReleases(build, release) === 0)
    .sort((a, b) => compareBuildTags(a.build, b.build));

/** A version tag as a build; the release comes after all its builds. */
const ordered = (tag: string): BuildTag =>
  isBuildTag(tag) ? parseBuildTag(tag) : { ...parseReleaseTag(tag), build: Number.POSITIVE_INFINITY };

const compareReleases = (a: Release, b: Release): number => compareBuildTags({ ...a, build: 1 }, { ...b, build: 1 });
