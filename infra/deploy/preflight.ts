import { say } from "../base/cli/verb";
import { commitOf } from "../base/clients/git";
import { requireEdge } from "../base/engine/open";
import { type BuildTag, buildTag } from "../base/model/build-tag";
import type { Settings } from "../base/model/settings";

/** What would make the deployment fail later is found before anything is touched. */
export async function check(tag: BuildTag, settings: Settings, signal: AbortSignal): Promise<void> {
  const commit = await commitOf(settings.nodeRepository, buildTag(tag));
  say(`${buildTag(tag)} is commit ${commit} of ${settings.nodeRepository}`);
  await requireEdge(signal);
}
