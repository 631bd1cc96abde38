import { announcementState } from "../announcement/announce";
import { parseBuildTag } from "../build-tag";
import { channelState } from "../channels";
import type { Settings } from "../config";
import { engineUp } from "../engine";
import { openStack } from "../stacks";
import type { Store } from "../store";
import { UserError } from "../user-error";
import { requireComplete } from "./candidate";
import type { Decision, Known } from "./decide";
import { PROMOTION_VARIABLE, type Promotion } from "./promotion";
import { promotionsOf, writeDown } from "./records";

export interface Moving {
  readonly decision: Decision;
  readonly settings: Settings;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** As for deploy --events. */
  readonly events?: string;
}

/** What is known of a channel before it moves. @throws {UserError} when its stack or the store cannot be read */
export async function knownOf(channel: string, store: Store, signal: AbortSignal): Promise<Known> {
  const [state, promotions] = await Promise.all([channelState(channel, signal), promotionsOf(store, channel)]);
  return { state, last: promotions.at(-1) };
}

/**
 * Moves a channel: writes the promotion down, then updates the channel's stack. Safe to run again at any point.
 * @returns the promotion that the channel has arrived at
 * @throws {UserError} when another promotion was faster, or the network is being retired
 */
export async function moveChannel({ decision, settings, store, signal, say, events }: Moving): Promise<Promotion> {
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

/** @throws {UserError} telling what to do when nobody knows whether a generation was announced */
export async function requireAnnounced({ channel, generation }: Promotion, store: Store): Promise<void> {
  const announced = await announcementState(store, channel, generation);
  if (announced?.state === "sent") return;
  throw new UserError(
    `the announcement of generation ${generation} of ${channel} may or may not have been sent: look at Discord, then run ` +
      `node --import tsx scripts/announce.ts ${channel} ${generation} --sent MESSAGE_ID, or with --not-sent, and this again`,
  );
}
