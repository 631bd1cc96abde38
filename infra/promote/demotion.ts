import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import { parseBuildTag } from "../base/model/build-tag";
import type { Known, Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { demotionTarget } from "./plan";
import { requireAnswering, requireComplete } from "./readiness";

/**
 * Where a demotion leads, once it is known that the network there is complete and answers.
 * @throws {UserError} when there is no such network, or it is gone or silent
 */
export async function demotionOf(
  known: Known,
  { channel, reason, settings }: { readonly channel: string; readonly reason: string; readonly settings: Settings },
  run: Run,
): Promise<Target> {
  const target = demotionTarget(known, channel, reason);
  const tag = parseBuildTag(target.tag);
  const deployed = await requireComplete(target, run).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      "PreviousNetworkGone",
      `${channel} cannot go back to ${target.tag}: ${error.what}`,
      "Promote another release with `smeshnet promote`.",
    );
  });
  await requireAnswering({ build: tag, deployed }, settings);
  return target;
}
