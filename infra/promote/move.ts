import { writeDown } from "../base/channel/records";
import { openStack } from "../base/engine/open";
import { engineUp } from "../base/engine/run";
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
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** As for deploy --events. */
  readonly events?: string;
}

/**
 * Moves a channel: writes the promotion down, then updates the channel's stack. Safe to run again at any point.
 * @returns the promotion that the channel has arrived at
 * @throws {UserError} when another promotion was faster, or the network is being retired
 */
export async function moveChannel({ decision, settings, store, signal, say, events }: MoveOptions): Promise<Promotion> {
  const { action, promotion } = decision;
  const { channel, tag, release, generation } = promotion;
  if (action === "begin") await writeDown(store, promotion);
  // Whoever retires this network looks for promotions after saying so in its stack: one of the two sees the other.
  await requireComplete(parseBuildTag(tag), signal);
  const stack = await openStack(channel);
  stack.workspace.envVars = { ...stack.workspace.envVars, [PROMOTION_VARIABLE]: JSON.stringify(promotion) };
  const started = Date.now();
  await engineUp({ stack, what: channel, zoneId: settings.zoneId, signal, say, events });
  const took = Math.round((Date.now() - started) / 1000);
  say(`${channel} is at ${release} (${tag}), generation ${generation}, after ${took} s`);
  return promotion;
}
