import { commitOf } from "../base/clients/git";
import { requireEdge } from "../base/engine/open";
import type { Run } from "../base/lib/run";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";

/** Finds what would make a deployment fail later, before anything is touched. @throws {UserError} with what to do */
export async function preflight(tag: BuildTag, { nodeRepository }: Settings, run: Run): Promise<void> {
  const commit = await commitOf(nodeRepository, buildTag(tag));
  run.say(`${buildTag(tag)} is commit ${commit} of ${nodeRepository}`);
  await requireEdge(run);
}
