import { remoteRefs, tagMessage } from "../base/clients/git";
import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag, isBuildTag, parseBuildTag, releaseTag } from "../base/model/build-tag";
import { supersededIn } from "../base/model/trailers";

/** The build that followed another one of the same version. */
export interface NextBuild {
  /** Build tag, `v1.2.3+2`. */
  readonly tag: string;
  /** Why it took the place of the build before, as its tag says; absent when its tag does not say. */
  readonly why?: string;
}

/**
 * The next build of a version that has a tag in the node repository; undefined while there is none. A repository that
 * cannot be read is no error: the document tells less, and the run says so.
 */
export async function nextBuild(
  repository: string,
  tag: BuildTag,
  run: Pick<Run, "say">,
): Promise<NextBuild | undefined> {
  try {
    const next = await firstAfter(repository, tag);
    if (next === undefined) return undefined;
    const superseded = supersededIn((await tagMessage(repository, next)).message);
    return { tag: next, ...(superseded?.tag === buildTag(tag) && { why: superseded.why }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`${buildTag(tag)}: the next build is not known: ${error.what}`);
    return undefined;
  }
}

async function firstAfter(repository: string, tag: BuildTag): Promise<string | undefined> {
  const prefix = "refs/tags/";
  const refs = await remoteRefs(repository, `${prefix}${releaseTag(tag)}+*`);
  const builds = [...refs.keys()]
    .map((ref) => ref.slice(prefix.length))
    .filter(isBuildTag)
    .map(parseBuildTag);
  const [next] = builds.filter(({ build }) => build > tag.build).sort((a, b) => a.build - b.build);
  return next && buildTag(next);
}
