import { commitOf } from "../base/clients/git";
import { requireEdge } from "../base/engine/open";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";

/** Finds what would make a deployment fail later, before anything is touched. @throws {UserError} with what to do */
export async function preflight(tag: BuildTag, { nodeRepository }: Settings, run: Run): Promise<void> {
  const [commit] = await together(commitOf(nodeRepository, buildTag(tag)), requireEdge(run));
  run.say(`${buildTag(tag)} is commit ${commit} of ${nodeRepository}`);
}
