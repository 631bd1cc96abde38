import { buildTag } from "../build-tag";
import { answer, say } from "../cli";
import type { Settings } from "../config";
import { replacedNetworks } from "../replaced";
import { retireNetwork } from "../retire";
import { repairBackend, requireEdge } from "../stacks";
import { openStore } from "../store";
import { UserError } from "../user-error";
import { decide, type Known } from "./decide";
import { knownOf, moveChannel, requireAnnounced, webhookOfEnvironment } from "./move";
import type { Promotion, Target } from "./promotion";
import { planInWords } from "./words";

/** The flags that promote and demote share, as `util.parseArgs` takes them. */
export const CHANNEL_FLAGS = {
  channel: { type: "string" },
  reason: { type: "string" },
  against: { type: "string" },
  preview: { type: "boolean" },
  json: { type: "boolean" },
  events: { type: "string" },
} as const;

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

/** Retires the networks that promotions have replaced, if they are to go at once or have had their time. */
async function retireReplaced({ channel }: Promotion, settings: Settings, signal: AbortSignal): Promise<void> {
  for (const replaced of await replacedNetworks(channel, settings, signal)) {
    // The end of the DNS records that led there is awaited in any case.
    if (replaced.due <= Date.now()) await retireNetwork({ ...replaced, settings, signal, say });
    else {
      const due = new Date(replaced.due).toISOString();
      say(`${buildTag(replaced.tag)} goes on until ${due}; then node --import tsx scripts/retire.ts --due retires it`);
    }
  }
}

function generation(text: string | undefined): number | undefined {
  if (text === undefined || /^(0|[1-9]\d{0,8})$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UserError(`--against is "${text}": wanted a generation, e.g. 3`, 2);
}
