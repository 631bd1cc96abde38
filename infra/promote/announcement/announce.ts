import { CALL_TIMEOUT, type Posted, type Webhook } from "../../base/clients/discord";
import { shown, UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import type { AnnouncementInput } from "../../base/model/announcement";
import type { Store } from "../../base/store/contract";
import { fixOfRefusal } from "./fix";
import { announcementPayload } from "./message";
import {
  type AnnouncementOutcome,
  AnnouncementRecords,
  type AnnouncementState,
  rfc3339,
  stateOf,
  type Tries,
} from "./records";

export interface AnnounceOptions {
  readonly store: Store;
  readonly input: AnnouncementInput;
  readonly webhook: Webhook;
}

/** Longest total wait for Discord's rate limit, in seconds. A longer wait is left to a later run. */
export const LONGEST_LIMIT = 60;

/** Upper bound on one attempt, in seconds: rate-limit wait plus one request. */
export const LONGEST_TRY = LONGEST_LIMIT + CALL_TIMEOUT;

/** The state of a generation's announcement. @throws {UserError} when the store cannot be read */
export async function announcementState(store: Store, channel: string, generation: number): Promise<AnnouncementState> {
  return stateOf(await new AnnouncementRecords(store, channel, generation).read());
}

/**
 * Announces a generation of a channel exactly once. Nothing is sent that was sent before, or may have been. An
 * interrupt ends waits; a message that is being sent is completed, so that its outcome is known.
 * @throws {UserError} when it is certain that nothing was sent, so that the command can be run again; when the
 * generation belongs to another build; or when the store cannot be read or written
 */
export async function announce({ store, input, webhook }: AnnounceOptions, run: Run): Promise<AnnouncementOutcome> {
  const { signal, say, clock } = run;
  const records = new AnnouncementRecords(store, input.channel, input.generation);
  const tries = await records.read();
  requireSameBuild(tries, input);
  const before = stateOf(tries);
  if (before.state === "sent" || before.state === "doubt") return before;

  signal.throwIfAborted();
  const payload = announcementPayload(input);
  const number = tries.number + 1;
  const { release, tag, kind } = input;
  const begun = clock.now();
  if (!(await records.intend(number, { release, tag, kind, at: rfc3339(begun), payload }))) return winner(records);
  say(`${input.channel}: announcing ${release}, generation ${input.generation}`);

  const posted = await postUntilTaken({ webhook, payload, until: begun + LONGEST_LIMIT * 1000, records }, run);
  if (posted.outcome === "sent") return recordSent(records, input, posted.messageId, rfc3339(clock.now()));
  if (posted.outcome === "unknown") {
    say(`Discord's answer was lost (${posted.why})`);
    return { state: "doubt", since: rfc3339(begun) };
  }
  if (posted.outcome === "settled") return winner(records);
  await records.notSent(number, { why: posted.why, at: rfc3339(clock.now()) });
  signal.throwIfAborted();
  throw new UserError(
    "AnnouncementNotSent",
    `The announcement of ${release} was not sent (${posted.why}).`,
    fixOfRefusal(posted, input.channel),
  );
}

/** An uncertain announcement, as a phrase of progress with the commands that resolve it. */
export const doubtLine = (channel: string, generation: number, since: string): string =>
  `${channel}: it is uncertain whether generation ${generation} was announced at ${since}; check the Discord channel, then ` +
  `run \`${settleCommand(channel, generation)} --sent MESSAGE_ID\` or \`--not-sent\`, and the promotion again`;

/** The same as an error. */
export const announcementUncertain = (channel: string, generation: number, since: string): UserError =>
  new UserError(
    "AnnouncementUncertain",
    `It is uncertain whether generation ${generation} of ${channel} was announced at ${since}.`,
    `Check the Discord channel, then run \`${settleCommand(channel, generation)} --sent MESSAGE_ID\` or \`--not-sent\`. ` +
      "Then run the promotion again.",
  );

const settleCommand = (channel: string, generation: number): string => `smeshnet announce ${channel} ${generation}`;

interface PostOptions {
  readonly webhook: Webhook;
  readonly payload: unknown;
  /** Latest time to post, in milliseconds since 1970. */
  readonly until: number;
  readonly records: AnnouncementRecords;
}

/**
 * Shortest wait after the first refusal, in seconds. It doubles with each, so that a limit of 0 s does not make a storm:
 * eight posts a minute at most.
 */
const SHORTEST_PAUSE = 0.5;

/** Posts until Discord's rate limit lets the message through, or somebody has settled the announcement meanwhile. */
async function postUntilTaken(
  { webhook, payload, until, records }: PostOptions,
  { signal, say, clock }: Run,
): Promise<Exclude<Posted, { outcome: "limited" }> | { outcome: "settled" }> {
  for (let shortest = SHORTEST_PAUSE; ; shortest *= 2) {
    if (signal.aborted) return { outcome: "not-sent", why: "interrupted" };
    const posted = await webhook.post(payload);
    if (posted.outcome !== "limited") return posted;
    const pause = Math.max(posted.retryAfter, shortest);
    if (clock.now() + pause * 1000 > until)
      return { outcome: "not-sent", why: `Discord limits the rate for ${pause} s`, status: 429 };
    say(`Discord limits the rate: waiting ${pause} s`);
    await clock.sleep(pause, signal).catch(() => undefined); // the loop checks for an interrupt
    if (stateOf(await records.read()).state !== "doubt") return { outcome: "settled" };
  }
}

async function recordSent(
  records: AnnouncementRecords,
  { channel, generation }: AnnouncementInput,
  messageId: string,
  at: string,
): Promise<AnnouncementOutcome> {
  try {
    const isFirst = await records.sent({ messageId, at, by: "answer" });
    return isFirst ? { state: "sent", messageId } : await winner(records);
  } catch (error) {
    const reason = error instanceof UserError ? error.message : `${(error as Error).message}.`;
    throw new UserError(
      "AnnouncementUnrecorded",
      `The announcement was sent as message ${messageId}, but this could not be recorded: ${reason}`,
      `Then run \`${settleCommand(channel, generation)} --sent ${messageId}\`.`,
    );
  }
}

/** What another run, or a person, recorded first. */
async function winner(records: AnnouncementRecords): Promise<AnnouncementOutcome> {
  const state = stateOf(await records.read());
  if (state.state === "sent" || state.state === "doubt") return state;
  throw new UserError(
    "AnnouncementRaced",
    "Another run announced at the same time and failed.",
    "Run the command again.",
  );
}

function requireSameBuild({ intent }: Tries, { channel, generation, tag }: AnnouncementInput): void {
  if (!intent || intent.tag === tag) return;
  throw new UserError(
    "GenerationOfOtherBuild",
    `Generation ${generation} of ${channel} announces ${shown(intent.tag)}, not ${tag}.`,
    `Use another generation for ${tag}.`,
    2,
  );
}
