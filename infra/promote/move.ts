import { writeDown } from "../base/channel/records";
import type { Cloudflare } from "../base/clients/cloudflare";
import { openStack } from "../base/engine/open";
import { engineUp } from "../base/engine/run";
import { type Run, timed } from "../base/lib/run";
import { parseBuildTag } from "../base/model/build-tag";
import { PROMOTION_VARIABLE, type Promotion } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { Decision } from "./plan";
import { requireComplete } from "./readiness";

export interface MoveOptions {
  readonly decision: Decision;
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  /** File that gets the engine's events. */
  readonly events?: string;
}

/**
 * Moves a channel: records the promotion, then updates the channel's stack. Safe to run again at any point.
 * @returns the promotion that the channel arrived at
 * @throws {UserError} when another promotion was faster, or the network is being retired
 */
export async function moveChannel(
  { decision, settings, store, cloudflare, events }: MoveOptions,
  run: Run,
): Promise<Promotion> {
  const { action, promotion } = decision;
  const { channel, kind, tag, release, generation } = promotion;
  if (action === "begin") await writeDown(store, promotion);
  // A retirement of this network marks its stack first and looks for promotions afterwards. So one of the two sees the
  // other.
  await requireComplete(parseBuildTag(tag), run);
  const stack = await openStack(channel);
  const variables = { [PROMOTION_VARIABLE]: JSON.stringify(promotion) };
  const engine = { stack, what: channel, zoneId: settings.zoneId, cloudflare, events, variables };
  const [, seconds] = await timed(run, () => engineUp(engine, run));
  const moved = kind === "demotion" ? "demoted to" : "promoted";
  run.say(`${channel}: ${moved} ${release} (${tag}), generation ${generation}, ${seconds} s`);
  return promotion;
}
