import { announce, doubtLine } from "../announcement/announce";
import { announcementOf } from "../announcement/input";
import { parseBuildTag } from "../build-tag";
import { channelState } from "../channels";
import { variable } from "../cli";
import { openWebhook, type Webhook } from "../clients/discord";
import type { Settings } from "../config";
import { channelEndpoints } from "../endpoints";
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

/**
 * Sees to it that a promotion is announced: after a person's word that it was not sent, it is sent again.
 * @throws {UserError} telling what to do when nobody knows whether it was sent
 */
export async function requireAnnounced(
  promotion: Promotion,
  { settings, store, signal, say }: Omit<Moving, "decision">,
) {
  const { channel, generation } = promotion;
  const endpoints = channelEndpoints(channel, 0, settings);
  const input = announcementOf(promotion, endpoints);
  const announced = await announce({ store, input, webhook: webhookOfEnvironment(), say, signal });
  if (announced.state === "doubt") throw new UserError(doubtLine(channel, generation, announced.since));
}

/** The Discord webhook that announcements go to. @throws {UserError} when there is none, or its URL is none */
export const webhookOfEnvironment = (): Webhook => openWebhook(variable("DISCORD_WEBHOOK"));
