import { type Found, findChannel } from "../base/channel/state";
import type { Cloudflare } from "../base/clients/cloudflare";
import type { Webhook } from "../base/clients/discord";
import { requireEdge } from "../base/engine/open";
import { requirePassphrase } from "../base/engine/passphrase";
import { namesOfChannel, requireNamesFree } from "../base/engine/taken-names";
import type { Run } from "../base/lib/run";
import { together } from "../base/lib/together";
import { announcementOf } from "../base/model/announcement";
import { channelEndpoints, hostsOf } from "../base/model/endpoints";
import type { Known, Promotion, Target } from "../base/model/promotion";
import type { Settings } from "../base/model/settings";
import type { Store } from "../base/store/contract";
import type { SecretTexts } from "../base/store/secret-text";
import { retireDue } from "../retire/due";
import { requiredCertificate } from "../tls/required";
import { announce, announcementUncertain } from "./announcement/announce";
import { moveChannel } from "./move";
import { type Decision, decide } from "./plan";
import { planInWords } from "./plan-text";

export interface ChannelRun {
  readonly channel: string;
  readonly settings: Settings;
  /** The store of records, and the way to private keys in them. */
  readonly store: Store;
  readonly secretTexts: SecretTexts;
  readonly cloudflare: Cloudflare;
  /** Posts the announcement; only a preview goes without. */
  readonly webhook?: Webhook;
  /** The generation that the promotion was planned against, if it was planned before. */
  readonly against?: number;
  /** Report the plan and change nothing. */
  readonly preview?: boolean;
  /** File that gets the engine's events. */
  readonly events?: string;
  /** Finds where the channel is to go. It may begin before the channel is known. */
  readonly target: (known: Promise<Known>) => Promise<Target>;
}

/**
 * Plans the move of a channel to a target. Unless it is a preview, it moves the channel, retires what is due and checks
 * that the promotion is announced.
 * @returns the plan of a preview, else the promotion that the channel arrived at
 */
export async function runChannel(options: ChannelRun, run: Run): Promise<Decision | Promotion> {
  const { channel, settings, store, cloudflare, webhook, against, preview = false, events, target } = options;
  const finding = findChannel(channel, store, run);
  const knowing = finding.then((found) => found.known);
  knowing.catch(() => undefined); // a target that does not ask for it must not leave its error unhandled
  const asked = target(knowing);
  // Where a promotion arrived, the edge is deployed, and the target is asked whether the edge lists it now.
  const edge = finding.then((found) => (found.known.state.promotion ? undefined : requireEdge(run)));
  const free = finding.then((found) => namesFree(options, found, run));
  // A promotion must not be on record before it is known that the channel's stack can be updated.
  const open = preview ? undefined : finding.then((found) => requirePassphrase(channel, found.stack));
  const [, { known, stack }, wanted] = await together(edge, finding, asked, free, open, requireCovered(options, run));
  const decision = decide(known, wanted, against);
  for (const line of planInWords(decision, known, settings.retireAfter)) run.say(line);
  if (preview) return decision;
  const state = await moveChannel({ decision, known, stack, settings, store, cloudflare, events }, run);
  await retireDue(channel, { settings, store, cloudflare }, run, state);
  if (webhook) await requireAnnounced(decision.promotion, { settings, store, webhook }, run);
  return decision.promotion;
}

/**
 * Refuses a move while names of the channel are somebody's, and shows that in its plan. A plan asks for no token.
 * @throws {UserError} with the records that are there
 */
async function namesFree({ channel, settings, cloudflare, preview }: ChannelRun, { stack }: Found, run: Run) {
  if (preview && !hasToken(cloudflare))
    return run.say("names at Cloudflare not checked: neither CLOUDFLARE_DNS_TOKEN nor CLOUDFLARE_API_TOKEN is set");
  await requireNamesFree(
    namesOfChannel(channel, settings.poets, settings),
    { zoneId: settings.zoneId, cloudflare },
    stack,
  );
}

/** Refuses a move to where the channel's names would have no certificate. */
const requireCovered = async ({ channel, settings, ...kept }: ChannelRun, run: Run) =>
  settings.tls
    ? requiredCertificate(kept, hostsOf(channelEndpoints(channel, settings.poets, settings)), run)
    : undefined;

function hasToken(cloudflare: Cloudflare): boolean {
  try {
    cloudflare.requireToken("dns");
    return true;
  } catch {
    return false;
  }
}

/**
 * Announces a promotion that is not announced yet: its own step may have failed, or a person confirmed that the message
 * does not exist.
 * @throws {UserError} with what to do, when nobody can know whether it was sent
 */
export async function requireAnnounced(
  promotion: Promotion,
  { settings, store, webhook }: { readonly settings: Settings; readonly store: Store; readonly webhook: Webhook },
  run: Run,
): Promise<void> {
  const { channel, generation } = promotion;
  const input = announcementOf(promotion, channelEndpoints(channel, 0, settings));
  const announced = await announce({ store, input, webhook }, run);
  if (announced.state === "doubt") throw announcementUncertain(channel, generation, announced.since);
}
