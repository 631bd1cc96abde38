import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { buildTag, parseBuildTag } from "../../base/model/build-tag";
import { supersededIn, supersedes } from "../../base/model/trailers";
import { type KnownTag, newestBuild } from "./known";
import { requireSame, type Tagged, type Tagger } from "./plan";
import { opened, type TagRequest, tagged } from "./run";
import { versionAt } from "./version";

/** What is asked for. */
export interface BuildRequest extends TagRequest {
  /** Why the last build is superseded; the person says it unless given. */
  readonly reason?: string;
}

/**
 * Tags the checked-out commit as the next build of its version, and pushes the tag.
 * @throws {UserError} when the checkout is not ready, the tag breaks a rule, or the remote does not take it
 */
export async function tagBuild(request: BuildRequest, tagger: Tagger, run: Run): Promise<Tagged> {
  const open = await opened(request);
  const { head, branch } = open.checkout;
  const release = await versionAt(open.checkout);
  const last = await newestBuild(open, release);
  const isSame = request.reason === undefined || request.reason === (last && supersededIn(last.message)?.why);
  const pushes = { commit: head, branch: open.there.get(`refs/heads/${branch}`) === head ? undefined : branch };
  if (last && !last.isPushed) {
    requireSame(last, open.checkout, head, isSame);
    const plan = { ...pushes, tag: last.tag, message: last.message, made: last.object };
    return tagged(open, plan, await request.records(last.tag, head, []), request, tagger, run);
  }
  if (last?.commit === head && isSame) return { state: "tagged", tag: last.tag, commit: head };
  const next = last ? await following(last, request, tagger) : first(release, request);
  const records = await request.records(next.tag, head, []);
  const twin = last?.commit === head ? last.tag : undefined;
  return tagged(open, { ...pushes, ...next, twin }, records, request, tagger, run);
}

type Next = Pick<Parameters<typeof tagged>[1], "tag" | "message">;

function first(release: string, { reason }: BuildRequest): Next {
  const tag = `${release}+1`;
  if (reason === undefined) return { tag, message: `Build ${tag}\n` };
  throw new UserError(
    "ReasonUnused",
    `${tag} is the first build of ${release}, and supersedes none.`,
    "Leave out `--reason`.",
    2,
  );
}

async function following(last: KnownTag, request: BuildRequest, tagger: Tagger): Promise<Next> {
  const build = parseBuildTag(last.tag);
  const tag = buildTag({ ...build, build: build.build + 1 });
  const why = request.reason ?? (await tagger.says(`Why does ${tag} supersede ${last.tag}?`));
  return { tag, message: `Build ${tag}\n\n${supersedes({ tag: last.tag, why })}\n` };
}
