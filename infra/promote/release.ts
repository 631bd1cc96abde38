import { remoteRefs } from "../base/clients/git";
import { shown, UserError } from "../base/lib/errors";
import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  isBuildTag,
  parseBuildTag,
  type Release,
  releaseTag,
} from "../base/model/build-tag";
import { trailerValues } from "../base/model/trailers";

/** A release tag of the node repository, and the builds that it can promote. */
export interface TaggedRelease {
  /** `v1.2.3` */
  readonly release: string;
  /** The tag's own object. */
  readonly object: string;
  /** Commit of the release tag, 40 hexadecimal digits. */
  readonly commit: string;
  /** The builds of this version whose tags point to the same commit, newest first; at least one. */
  readonly builds: readonly BuildTag[];
}

/** The refs of a release tag and of its build tags in a repository. @throws {UserError} when it cannot be read */
export const refsOfRelease = (repository: string, release: Release): Promise<ReadonlyMap<string, string>> =>
  remoteRefs(repository, `refs/tags/${releaseTag(release)}*`);

/**
 * Looks a release tag up among the refs of a repository.
 * @param refs objects by name; the name of an annotated tag's commit ends in `^{}`
 * @throws {UserError} for a problem with the tag
 */
export function releaseAmong(refs: ReadonlyMap<string, string>, repository: string, release: Release): TaggedRelease {
  const text = releaseTag(release);
  const ref = `refs/tags/${text}`;
  const object = refs.get(ref);
  if (object === undefined) {
    throw new UserError(
      "TagMissing",
      `${repository} has no tag ${text}.`,
      `Create it with \`git tag -a ${text} COMMIT && git push origin ${text}\`.`,
    );
  }
  const commit = refs.get(`${ref}^{}`);
  if (commit === undefined) {
    throw new UserError(
      "TagLightweight",
      `${text} is a lightweight tag, expected an annotated tag, which records who released it and why.`,
      `Replace it with \`git tag -a --force ${text} ${text} && git push --force origin ${text}\`.`,
      2,
    );
  }
  const all = [...refs.keys()].flatMap((name) => buildOf(name, text) ?? []).sort((a, b) => compareBuildTags(b, a));
  const commitOf = (build: BuildTag) => {
    const name = `refs/tags/${buildTag(build)}`;
    return refs.get(`${name}^{}`) ?? refs.get(name);
  };
  const builds = all.filter((build) => commitOf(build) === commit);
  if (builds.length > 0) return { release: text, object, commit, builds };
  const others = all.map((build) => `${buildTag(build)} points to ${commitOf(build)?.slice(0, 12)}`).join(", ");
  throw new UserError(
    "BuildTagMissing",
    `No build tag ${text}+N points to ${commit.slice(0, 12)}, the commit of ${text} (${others || "no build tags"}).`,
    "Tag the commit of the build that was tested.",
    2,
  );
}

/** The build that a ref names; undefined for other tags, such as `v1.2.3+rc`. */
function buildOf(ref: string, release: string): BuildTag | undefined {
  const tag = ref.slice("refs/tags/".length);
  return tag.startsWith(`${release}+`) && isBuildTag(tag) ? parseBuildTag(tag) : undefined;
}

/**
 * Why a release goes without a simmer certificate: the trailer `Without-Simmer: TEXT` of its tag's message, if it has one.
 * @throws {UserError} when the message has several of them, or one that is not UTF-8
 */
export function reasonIn(message: string): string | undefined {
  const [reason, ...more] = trailerValues(message, "Without-Simmer");
  if (more.length > 0) {
    throw new UserError(
      "ReasonTwice",
      `The tag's message has ${more.length + 1} lines Without-Simmer, expected one.`,
      "Tag the release again with one reason, or pass `--reason TEXT`.",
      2,
    );
  }
  // U+FFFD is what became of a byte that is not UTF-8.
  if (!reason?.includes("\u{fffd}")) return reason;
  throw new UserError(
    "ReasonNotText",
    `The tag's line Without-Simmer is not UTF-8: ${shown(reason)}.`,
    "Tag the release again with a reason in UTF-8, or pass `--reason TEXT`.",
    2,
  );
}
