import type { Webhook } from "../../base/clients/discord";
import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { sameKnown } from "../../base/lib/same-known";
import type { Store } from "../../base/store/contract";
import { LONGEST_TRY } from "./announce";
import { AnnouncementRecords, type AnnouncementState, rfc3339, type Sent, stateOf, type Tries } from "./records";

export interface SettleOptions {
  readonly store: Store;
  readonly channel: string;
  readonly generation: number;
  /** Id of the message that exists; without one the person confirms that there is none. */
  readonly messageId?: string;
  /** Checks the message at Discord; without one the person's confirmation counts. */
  readonly webhook?: Webhook;
}

/**
 * Records what a person confirms about an uncertain announcement. Safe to run twice.
 * @throws {UserError} when no try began, when the records or Discord contradict, or while a try may still be active
 */
export async function settle(options: SettleOptions, run: Run): Promise<AnnouncementState> {
  const { store, channel, generation, messageId } = options;
  const records = new AnnouncementRecords(store, channel, generation);
  const tries = await records.read();
  const which = `generation ${generation} of ${channel}`;
  if (tries.sent) return sameAsRecorded(which, tries.sent, messageId);
  if (!tries.intent)
    throw new UserError(
      "NothingAnnounced",
      `Nothing was announced yet for ${which}.`,
      "Check both with `smeshnet list`.",
      2,
    );
  await (messageId === undefined
    ? settleNotSent(records, tries, run)
    : settleSent(records, tries, messageId, options.webhook, run));
  return stateOf(await records.read());
}

/** A record stays as it is; confirming the same again changes nothing. */
function sameAsRecorded(which: string, { messageId }: Sent, confirmed: string | undefined): AnnouncementState {
  if (messageId === confirmed) return { state: "sent", messageId };
  throw new UserError(
    "AlreadyAnnounced",
    `The announcement of ${which} is already recorded as sent (message ${messageId}).`,
    "Leave it as it is; records cannot be changed.",
    2,
  );
}

async function settleNotSent(
  records: AnnouncementRecords,
  { number, intent, notSent }: Tries,
  { clock }: Run,
): Promise<void> {
  if (!intent || notSent) return;
  // The run that began it may still send it, and the next run would send it again.
  const end = Date.parse(intent.at) + LONGEST_TRY * 1000;
  if (clock.now() < end)
    throw new UserError(
      "AnnouncementActive",
      `Another run may still be sending the announcement until ${rfc3339(end)}.`,
      "Check the Discord channel after that time, then run the command again.",
    );
  await records.notSent(number, { why: CONFIRMED, at: rfc3339(clock.now()) });
}

/** Why a try counts as not sent, when a person says so. Stored, so its words are a contract. */
const CONFIRMED = "a person's word";

async function settleSent(
  records: AnnouncementRecords,
  tries: Tries,
  messageId: string,
  webhook: Webhook | undefined,
  run: Run,
): Promise<void> {
  const isSeen = await isAtDiscord(messageId, tries, webhook, run);
  if (!isSeen) run.say(`message ${messageId} was not checked at Discord; recorded as you confirmed it`);
  await records.sent({ messageId, at: rfc3339(run.clock.now()), by: isSeen ? "person, seen at Discord" : "person" });
}

/**
 * Whether Discord shows the message; false when Discord was not asked or did not answer.
 * @throws {UserError} when it is another
 */
async function isAtDiscord(
  messageId: string,
  { intent }: Tries,
  webhook: Webhook | undefined,
  { say }: Run,
): Promise<boolean> {
  const found = await webhook?.find(messageId);
  if (found?.outcome === "missing")
    throw new UserError(
      "MessageMissing",
      `Discord has no message ${messageId} of this webhook.`,
      "Copy the id of the announcement.",
      2,
    );
  if (found?.outcome === "unknown") say(`Discord did not answer (${found.why})`);
  if (found?.outcome !== "found") return false;
  const title = intent?.payload.embeds[0].title;
  if (sameKnown(found.title, title)) return true;
  throw new UserError(
    "MessageOfOtherAnnouncement",
    `Message ${messageId} is not "${title ?? "(no announcement on record)"}".`,
    "Copy the id of the announcement.",
    2,
  );
}
