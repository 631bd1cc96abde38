import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { buildTag, compareBuildTags, parseBuildTag, releaseTag } from "../../base/model/build-tag";
import { trailerValues } from "../../base/model/trailers";
import type { Records } from "./facts";
import { versionTags } from "./gather";
import { type KnownTag, knownTag, newestBuild, type Open } from "./known";
import { requireSame, type Tagged, type Tagger } from "./plan";
import { opened, type TagRequest, tagged } from "./run";
import { versionAt } from "./version";

/** What is asked for. */
export interface ReleaseRequest extends TagRequest {
  /** `v1.2.3`; the version of the checked-out commit unless given. */
  readonly release?: string;
  /** The first line of the tag's message; `Release v1.2.3` unless given. */
  readonly message?: string;
  /** Why it is released without a certificate. */
  readonly reason?: string;
}

/**
 * Tags the commit of a version's newest build as its release, and pushes the tag.
 * @throws {UserError} when the checkout is not ready, the build has neither certificate nor reason, the tag breaks a
 * rule, or the remote does not take it
 */
export async function tagRelease(request: ReleaseRequest, tagger: Tagger, run: Run): Promise<Tagged> {
  const open = await opened(request);
  const tag = request.release ?? (await versionAt(open.checkout));
  const build = requirePushed(tag, await newestBuild(open, tag));
  const { commit } = build;
  const known = await knownTag(open, tag);
  if (known?.isPushed) return releasedBefore(known, build);
  const records = await request.records(tag, commit, await buildsOn(open, build));
  if (known) {
    const [says] = trailerValues(known.message, "Without-Simmer");
    requireSame(known, open.checkout, commit, request.reason === undefined || request.reason === says);
    const plan = { tag, commit, message: known.message, made: known.object };
    return tagged(open, plan, records, request, tagger, run);
  }
  const reason = await reasonOf(build, records, request, tagger, run);
  const trailer = reason === undefined ? "" : `\nWithout-Simmer: ${reason}\n`;
  const message = `${request.message ?? `Release ${tag}`}\n${trailer}`;
  return tagged(open, { tag, commit, message }, records, request, tagger, run);
}

function requirePushed(release: string, build: KnownTag | undefined): KnownTag {
  if (build?.isPushed) return build;
  throw new UserError(
    "BuildMissing",
    build ? `${build.tag} is not pushed.` : `${release} has no build tag.`,
    `${build ? "Push" : "Tag"} it with \`smeshnet tag build\`, and let its network simmer.`,
    2,
  );
}

/** The builds of a version on one commit, newest first. */
async function buildsOn({ checkout: { folder } }: Open, { tag, commit }: KnownTag): Promise<string[]> {
  const release = releaseTag(parseBuildTag(tag));
  const builds = [...(await versionTags({ folder }))].filter(
    ([one, on]) => one.startsWith(`${release}+`) && on === commit,
  );
  return builds
    .map(([one]) => parseBuildTag(one))
    .sort((a, b) => compareBuildTags(b, a))
    .map(buildTag);
}

/** A release is made once. */
function releasedBefore({ tag, commit }: KnownTag, build: KnownTag): Tagged {
  if (commit === build.commit) return { state: "tagged", tag, commit };
  throw new UserError(
    "ReleasedBefore",
    `${tag} is released on commit ${commit.slice(0, 12)}, and ${build.tag} is on ${build.commit.slice(0, 12)}.`,
    "Name the next version with `smeshnet prepare`.",
    2,
  );
}

/** Why it goes without a certificate; undefined when it has one, or when nobody sees it from here. */
async function reasonOf(
  build: KnownTag,
  { certificate }: Records,
  { reason }: ReleaseRequest,
  tagger: Tagger,
  run: Run,
): Promise<string | undefined> {
  switch (certificate.state) {
    case "certified":
      if (reason !== undefined) run.say(`${build.tag} is certified, so the reason to go without one is left out`);
      return undefined;
    case "unseen":
      return reason;
    case "none":
      return reason ?? tagger.says(`${certificate.why}. Why is it released without one?`);
  }
}
