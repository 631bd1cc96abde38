import { knownOf } from "../base/channel/state";
import { webhookOfEnvironment } from "../base/cli/credentials";
import { answer, say } from "../base/cli/verb";
import { repairBackend, requireEdge } from "../base/engine/open";
import { UserError } from "../base/lib/errors";
import { announcementOf } from "../base/model/announcement";
import { channelEndpoints } from "../base/model/endpoints";
import type { Known, Promotion, Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import { openStore } from "../base/store/open";
import { retireReplaced } from "../retire/due";
import { announce, doubtLine } from "./announcement/announce";
import { type MoveOptions, moveChannel } from "./move";
import { decide } from "./plan";
import { planInWords } from "./plan-text";

export interface ChannelRun {
  readonly channel: string;
  readonly settings: Settings;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly signal: AbortSignal;
  /** Finds where the channel is to go. */
  readonly target: (known: Known) => Promise<Target>;
}

/** What promote and demote do with a target: plan, and unless it is a preview move the channel and prove it. */
export async function runChannel({ channel, settings, flags, signal, target }: ChannelRun): Promise<void> {
  const against = generation(flags.against as string | undefined);
  if (!flags.preview) webhookOfEnvironment(); // refuses before anything is touched
  const store = openStore(settings.archive);
  await repairBackend(say);
  await requireEdge(signal);
  const known = await knownOf(channel, store, signal);
  const decision = decide(known, await target(known), against);
  for (const line of planInWords(decision, known, settings.retireAfter)) say(line);
  if (flags.preview) {
    if (flags.json) answer(decision);
    return;
  }
  const events = flags.events as string | undefined;
  const promotion = await moveChannel({ decision, settings, store, signal, say, events });
  await retireReplaced(promotion, settings, signal);
  await requireAnnounced(promotion, { settings, store, signal, say });
  if (flags.json) answer(promotion);
}

function generation(text: string | undefined): number | undefined {
  if (text === undefined || /^(0|[1-9]\d{0,8})$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UserError(`--against is "${text}": wanted a generation, e.g. 3`, 2);
}

/**
 * Sees to it that a promotion is announced: after a person's word that it was not sent, it is sent again.
 * @throws {UserError} telling what to do when nobody knows whether it was sent
 */
export async function requireAnnounced(
  promotion: Promotion,
  { settings, store, signal, say }: Omit<MoveOptions, "decision">,
) {
  const { channel, generation } = promotion;
  const endpoints = channelEndpoints(channel, 0, settings);
  const input = announcementOf(promotion, endpoints);
  const announced = await announce({ store, input, webhook: webhookOfEnvironment(), say, signal });
  if (announced.state === "doubt") throw new UserError(doubtLine(channel, generation, announced.since));
}
