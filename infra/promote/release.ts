import { remoteRefs } from "../base/clients/git";
import { shown, UserError } from "../base/lib/errors";
import {
  type BuildTag,
  buildTag,
  compareBuildTags,
  parseBuildTag,
  type Release,
  releaseTag,
} from "../base/model/build-tag";

/** A release tag of the node repository, and the builds that it may stand for. */
export interface TaggedRelease {
  /** `v1.2.3` */
  readonly release: string;
  /** Commit of the release tag, 40 hexadecimal digits. */
  readonly commit: string;
  /** The builds of this version whose tags stand on the same commit, newest first; at least one. */
  readonly builds: readonly BuildTag[];
}

/** Looks a release tag up in a repository. @throws {UserError} saying what is wrong with the tag */
export const taggedRelease = async (repository: string, release: Release): Promise<TaggedRelease> =>
  releaseAmong(await remoteRefs(repository, `refs/tags/${releaseTag(release)}*`), repository, release);

/**
 * The same among the refs of a repository. Pure.
 * @param refs objects by name; that of an annotated tag's commit ends in `^{}`
 */
export function releaseAmong(refs: ReadonlyMap<string, string>, repository: string, release: Release): TaggedRelease {
  const text = releaseTag(release);
  const ref = `refs/tags/${text}`;
  if (!refs.has(ref)) {
    throw new UserError(`${repository} has no tag ${text}: git tag -a ${text} COMMIT && git push origin ${text}`);
  }
  const commit = refs.get(`${ref}^{}`);
  if (commit === undefined) {
    throw new UserError(
      `${text} is a lightweight tag, which says neither who released it nor why: git tag -a --force ${text} ${text} && ` +
        `git push --force origin ${text}`,
      2,
    );
  }
  const all = [...refs.keys()].flatMap((name) => buildOf(name, text) ?? []).sort((a, b) => compareBuildTags(b, a));
  const commitOf = (build: BuildTag) => {
    const name = `refs/tags/${buildTag(build)}`;
    return refs.get(`${name}^{}`) ?? refs.get(name);
  };
  const builds = all.filter((build) => commitOf(build) === commit);
  if (builds.length > 0) return { release: text, commit, builds };
  const others = all.map((build) => `${buildTag(build)} stands on ${commitOf(build)?.slice(0, 12)}`).join(", ");
  throw new UserError(
    `no build tag ${text}+N stands on ${commit.slice(0, 12)}, the commit of ${text} (${others || "there is none at all"}): ` +
      "tag the commit of the build that was tested",
    2,
  );
}

function buildOf(ref: string, release: string): BuildTag | undefined {
  if (!ref.startsWith(`refs/tags/${release}+`) || ref.endsWith("^{}")) return undefined;
  try {
    return parseBuildTag(ref.slice("refs/tags/".length));
  } catch {
    return undefined; // v1.2.3+rc is no build of ours
  }
}

/**
 * Why a release goes without a simmer certificate, as its tag's message says in a trailer. Pure.
 * @param message of the annotated tag
 */
export const reasonIn = (message: string): string | undefined =>
  /^Without-Simmer: *(\S.*)$/im.exec(message)?.[1]?.trim();

/** What fits into a field of an announcement (1024 at Discord), in characters. */
const LONGEST_REASON = 1000;

/**
 * The reason of a promotion or demotion, which is printed, kept and shown to everybody. Pure.
 * @param what it is, as an error names it, e.g. `--reason`
 * @throws {UserError} when it is empty, too long or of several lines
 */
export function reasonAs(what: string, text: string): string {
  const reason = text.trim();
  if (reason !== "" && reason.length <= LONGEST_REASON && !/\p{Cc}/u.test(reason)) return reason;
  throw new UserError(`${what} is ${shown(reason)}: wanted one line of text, 1 to ${LONGEST_REASON} characters`, 2);
}
