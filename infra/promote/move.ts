import { writeDown } from "../base/channel/records";
import type { Cloudflare } from "../base/clients/cloudflare";
import { openStack } from "../base/engine/open";
import { engineUp } from "../base/engine/run";
import type { Exported } from "../base/engine/state";
import { type Run, timed } from "../base/lib/run";
import { readOutputs } from "../base/model/outputs";
import { ChannelState, type Known, mayBeAstray, PROMOTION_VARIABLE } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { Decision } from "./plan";
import { requireComplete } from "./readiness";
import { requireTagStays } from "./source";
import { requireUsable } from "./usable";

export interface MoveOptions {
  readonly decision: Decision;
  /** What was known of the channel when that was decided. */
  readonly known: Known;
  /** The state of the channel's stack, read just now; absent before its first promotion. */
  readonly stack?: Exported;
  readonly settings: Settings;
  readonly store: Store;
  readonly cloudflare: Cloudflare;
  /** File that gets the engine's events. */
  readonly events?: string;
}

/**
 * Moves a channel: records the promotion, then updates the channel's stack. Safe to run again at any point.
 * @returns the channel's state afterwards, with what the promotion replaced; undefined when the engine did not tell it
 * @throws {UserError} when another promotion was faster, the release tag has moved, or the network is being retired
 */
export async function moveChannel(
  { decision, known, stack: state, settings, store, cloudflare, events }: MoveOptions,
  run: Run,
): Promise<ChannelState | undefined> {
  const { action, promotion } = decision;
  const { channel, kind, tag, release, generation } = promotion;
  await requireTagStays(promotion, settings.nodeRepository);
  if (action === "begin") {
    requireUsable(promotion, settings);
    await writeDown(store, promotion);
  }
  // A retirement of this network marks its stack first and looks for promotions afterwards. So one of the two sees the
  // other.
  const allowed = requireComplete(promotion, run);
  allowed.catch(() => undefined); // the engine's run awaits it, unless the stack cannot be opened
  const stack = await openStack(channel, state !== undefined);
  const variables = { [PROMOTION_VARIABLE]: JSON.stringify(promotion) };
  const refresh = mayBeAstray(known, promotion);
  const reach = { zoneId: settings.zoneId, cloudflare, events };
  const engine = { stack, state, allowed, what: channel, ...reach, variables, refresh };
  const [outputs, seconds] = await timed(run, () => engineUp(engine, run));
  const moved = kind === "demotion" ? "demoted to" : "promoted";
  run.say(`${channel}: ${moved} ${release} (${tag}), generation ${generation}, ${seconds} s`);
  return outputs && readOutputs(ChannelState, channel, outputs);
}
