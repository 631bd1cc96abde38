import { CALL_TIMEOUT, type Posted, type Webhook } from "../../base/clients/discord";
import { type Clock, realClock } from "../../base/lib/clock";
import { shown, UserError } from "../../base/lib/errors";
import type { AnnouncementInput } from "../../base/model/announcement";
import type { Store } from "../../base/store/contract";
import { announcementPayload } from "./message";
import { AnnouncementRecords, type AnnouncementState, rfc3339, stateOf, type Tries } from "./records";

export interface AnnounceOptions {
  readonly store: Store;
  readonly input: AnnouncementInput;
  readonly webhook: Webhook;
  readonly say: (line: string) => void;
  /** Ends waits; a message that is on its way is waited for all the same, so that what became of it is known. */
  readonly signal: AbortSignal;
  /** The machine's own unless told. */
  readonly clock?: Clock;
}

/** Longest time that Discord's rate limit may take in all, in seconds; a longer one is for a later run. */
export const LONGEST_LIMIT = 60;

/** After this time, in seconds, no run sends what it has intended: it waits, posts and is done. */
export const LONGEST_TRY = LONGEST_LIMIT + CALL_TIMEOUT;

/** Where the announcement of a channel's generation has got to. @throws {UserError} when the store cannot be read */
export async function announcementState(store: Store, channel: string, generation: number): Promise<AnnouncementState> {
  return stateOf(await new AnnouncementRecords(store, channel, generation).read());
}

/**
 * Announces a generation of a channel, exactly once: nothing is sent that was sent, or that may have been.
 * @throws {UserError} when it is known not to have been sent, so that it can be run again; when the generation is that
 * of another build; or when the store cannot be read or written
 */
export async function announce(announcing: AnnounceOptions): Promise<AnnouncementState & { state: "sent" | "doubt" }> {
  const { store, input, webhook, say, signal, clock = realClock } = announcing;
  const records = new AnnouncementRecords(store, input.channel, input.generation);
  const tries = await records.read();
  requireSameBuild(tries, input);
  const before = stateOf(tries);
  if (before.state === "sent" || before.state === "doubt") return before;

  signal.throwIfAborted();
  const payload = announcementPayload(input);
  const number = tries.number + 1;
  const { release, tag, kind } = input;
  const began = clock.now();
  if (!(await records.intend(number, { release, tag, kind, at: rfc3339(began), payload }))) return winner(records);
  say(`announcing ${release} for ${input.channel}, generation ${input.generation}`);

  const posted = await postUntilTaken({
    webhook,
    payload,
    say,
    signal,
    clock,
    until: began + LONGEST_LIMIT * 1000,
    records,
  });
  if (posted.outcome === "sent") return recordSent(records, input, posted.messageId, rfc3339(clock.now()));
  if (posted.outcome === "unknown") {
    say(`Discord's answer is not known (${posted.why})`);
    return { state: "doubt", since: rfc3339(began) };
  }
  if (posted.outcome === "settled") return winner(records);
  await records.notSent(number, { why: posted.why, at: rfc3339(clock.now()) });
  signal.throwIfAborted();
  throw new UserError(`${release} is not announced (${posted.why}): ${fixOf(posted.status, input.channel)}`);
}

/** Text of what to do about a doubt, for people. */
export const doubtLine = (channel: string, generation: number, since: string): string =>
  `it is in doubt whether generation ${generation} of ${channel} was announced at ${since}: look at the channel in Discord, ` +
  `then run node --import tsx scripts/announce.ts ${channel} ${generation} --sent MESSAGE_ID, or --not-sent, and the promotion again`;

interface PostOptions {
  readonly webhook: Webhook;
  readonly payload: unknown;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Latest time of a post, in milliseconds since 1970. */
  readonly until: number;
  readonly records: AnnouncementRecords;
}

/** Posts until Discord's rate limit lets it through, or somebody has settled the matter meanwhile. */
async function postUntilTaken(
  posting: PostOptions,
): Promise<Exclude<Posted, { outcome: "limited" }> | { outcome: "settled" }> {
  const { webhook, payload, say, signal, clock, until, records } = posting;
  for (;;) {
    if (signal.aborted) return { outcome: "not-sent", why: "interrupted" };
    const posted = await webhook.post(payload);
    if (posted.outcome !== "limited") return posted;
    const { retryAfter } = posted;
    if (clock.now() + retryAfter * 1000 > until)
      return { outcome: "not-sent", why: `Discord limits the rate for ${retryAfter} s`, status: 429 };
    say(`Discord limits the rate: waiting ${retryAfter} s`);
    await clock.sleep(retryAfter, signal).catch(() => undefined); // interrupted, which is looked at above
    if (stateOf(await records.read()).state !== "doubt") return { outcome: "settled" };
  }
}

async function recordSent(records: AnnouncementRecords, input: AnnouncementInput, messageId: string, at: string) {
  const { channel, generation } = input;
  try {
    const first = await records.sent({ messageId, at, by: "answer" });
    return first ? { state: "sent" as const, messageId } : await winner(records);
  } catch (error) {
    throw new UserError(
      `the announcement is message ${messageId}, but that could not be recorded (${(error as Error).message}): ` +
        `then run node --import tsx scripts/announce.ts ${channel} ${generation} --sent ${messageId}`,
    );
  }
}

/** What another run, or a person, has recorded first. */
async function winner(records: AnnouncementRecords): Promise<AnnouncementState & { state: "sent" | "doubt" }> {
  const state = stateOf(await records.read());
  if (state.state === "sent" || state.state === "doubt") return state;
  throw new UserError("another run has announced at the same time, and failed: run this again");
}

function requireSameBuild({ intent }: Tries, { channel, generation, tag }: AnnouncementInput): void {
  if (!intent || intent.tag === tag) return;
  throw new UserError(
    `generation ${generation} of ${channel} is that of ${shown(intent.tag)}, not of ${tag}: give ${tag} its own generation`,
    2,
  );
}

/** What to do about a message that was not taken. */
function fixOf(status: number | undefined, channel: string): string {
  if (status === 400) return `look at announce ${channel} --dry-run, and run this again`;
  if (status === 429) return "run this again when that time is over";
  if (status === undefined) return "look at the network and at DISCORD_WEBHOOK, and run this again";
  return "put the URL of a webhook that is there, and may post, into DISCORD_WEBHOOK, and run this again";
}
