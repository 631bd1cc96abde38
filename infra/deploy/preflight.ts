import { requireTag, tagAt } from "../base/clients/git";
import { requireAllowedSigner } from "../base/clients/signed-tag";
import { requireEdge } from "../base/engine/open";
import { recordedCommit } from "../base/engine/printed";
import type { Exported } from "../base/engine/state";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";
import { tagMoved } from "../base/model/source";

/** What a deployment works with. */
export interface Checked {
  /** The commit that it is of. */
  readonly commit: string;
  /** The state of the edge, which shows the network. */
  readonly edge: Exported;
}

/**
 * Finds what would make a deployment fail later, before anything is touched.
 * @param reading the state of the build's stack, if there is one
 * @throws {UserError} with what to do
 */
export async function preflight(
  tag: BuildTag,
  reading: Promise<Exported | undefined>,
  { nodeRepository, allowedSigners }: Pick<Settings, "nodeRepository" | "allowedSigners">,
  run: Run,
): Promise<Checked> {
  const text = buildTag(tag);
  const finding = tagAt(nodeRepository, text).then(async (found) => {
    // A missing tag is the first thing to fix, so it is reported even when the state cannot be read.
    const state = found === undefined ? await reading.catch(() => undefined) : await reading;
    const commit = commitToDeploy(text, nodeRepository, found?.commit, state);
    // Who may deploy is asked once, before the first step: a deployment that goes on keeps its decision.
    if (found && recordedCommit(state) === undefined)
      await requireAllowedSigner({ repository: nodeRepository, tag: text, ...found }, allowedSigners, run.clock.now());
    return commit;
  });
  const [commit, edge] = await together(finding, requireEdge(run));
  run.say(`${text} is commit ${commit} of ${nodeRepository}`);
  return { commit, edge };
}

/**
 * The commit that a deployment is of: the tag's. A deployment that began earlier keeps the commit that it recorded.
 * @param tagged the commit that the tag points to; undefined when the repository has no such tag
 * @param state of the build's stack, if there is one
 * @throws {UserError} when there is no such tag, or it has moved since the deployment began
 */
export function commitToDeploy(
  tag: string,
  repository: string,
  tagged: string | undefined,
  state: Exported | undefined,
): string {
  const deployed = recordedCommit(state);
  if (deployed === undefined) return requireTag(tagged, repository, tag);
  const moved = tagMoved({ tag, repository, deployed, tagged });
  if (moved) throw moved;
  return deployed;
}
