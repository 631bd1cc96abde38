import type { Webhook } from "../../base/clients/discord";
import { type Clock, realClock } from "../../base/lib/clock";
import { UserError } from "../../base/lib/errors";
import type { Store } from "../../base/store/contract";
import { LONGEST_TRY } from "./announce";
import { AnnouncementRecords, type AnnouncementState, rfc3339, type Sent, stateOf, type Tries } from "./records";

export interface SettleOptions {
  readonly store: Store;
  readonly channel: string;
  readonly generation: number;
  /** Id of the message that is in the channel; without one it is a person's word that there is none. */
  readonly messageId?: string;
  /** Looked at for the message when there is one. */
  readonly webhook?: Webhook;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
}

/**
 * Records a person's word on an announcement that is in doubt. Safe to run twice.
 * @throws {UserError} when nothing was begun, when the records say otherwise, when Discord says otherwise, or when a try
 * may still be under way
 */
export async function settle(settling: SettleOptions): Promise<AnnouncementState> {
  const { store, channel, generation, messageId } = settling;
  const records = new AnnouncementRecords(store, channel, generation);
  const tries = await records.read();
  const which = `generation ${generation} of ${channel}`;
  if (tries.sent) return contradiction(which, tries.sent, messageId);
  if (!tries.intent) throw new UserError(`nothing was announced yet for ${which}: there is nothing to settle`, 2);
  await (messageId === undefined ? settleNotSent(records, tries, settling) : settleSent(records, tries, settling));
  return stateOf(await records.read());
}

/** What is recorded stays; the same word once more changes nothing. */
function contradiction(which: string, { messageId }: Sent, told: string | undefined): AnnouncementState {
  if (messageId === told) return { state: "sent", messageId };
  throw new UserError(`${which} is on record as announced by message ${messageId}, which stays so`, 2);
}

async function settleNotSent(
  records: AnnouncementRecords,
  { number, intent, notSent }: Tries,
  { clock = realClock }: SettleOptions,
): Promise<void> {
  if (!intent || notSent) return;
  // Whoever began it may yet send it, and the next run would send it again.
  const over = Date.parse(intent.at) + LONGEST_TRY * 1000;
  if (clock.now() < over)
    throw new UserError(
      `a run may still be sending it until ${rfc3339(over)}: look at Discord then, and run this again`,
    );
  await records.notSent(number, { why: "a person's word", at: rfc3339(clock.now()) });
}

async function settleSent(records: AnnouncementRecords, tries: Tries, settling: SettleOptions): Promise<void> {
  const { messageId = "", say, clock = realClock } = settling;
  const seen = await isAtDiscord(messageId, tries, settling);
  if (!seen) say(`message ${messageId} was not looked at in Discord: it is recorded on your word`);
  await records.sent({ messageId, at: rfc3339(clock.now()), by: seen ? "person, seen at Discord" : "person" });
}

/** Whether Discord shows the message; false when it could not be asked. @throws {UserError} when it is not that one */
async function isAtDiscord(messageId: string, { intent }: Tries, { webhook, say }: SettleOptions): Promise<boolean> {
  const found = await webhook?.find(messageId);
  if (found?.outcome === "missing")
    throw new UserError(`Discord has no message ${messageId} of this webhook: copy the id of the announcement`, 2);
  if (found?.outcome === "unknown") say(`Discord could not be asked (${found.why})`);
  if (found?.outcome !== "found") return false;
  const wanted = intent?.payload.embeds[0].title;
  if (found.title === wanted) return true;
  throw new UserError(`message ${messageId} is not "${wanted}": copy the id of the announcement`, 2);
}
