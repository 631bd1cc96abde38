import { z } from "zod";
import { withoutHalves } from "../../base/lib/cut";
import { UserError } from "../../base/lib/errors";
import { parsedJson } from "../../base/lib/json";
import { PromotionKind } from "../../base/model/promotion";
import { putNew, type Store } from "../../base/store/contract";
import { textOf } from "../../base/store/digest";
import type { DiscordPayload } from "./message";

/**
 * The records of announcements in the records store, each written once:
 * `announcements/CHANNEL/GENERATION/intent-N.json` before the Nth try, `not-sent-N.json` when the try certainly failed,
 * and `sent.json` when a try succeeded. Times are RFC 3339.
 */

/** Written before a message is sent. */
export interface Intent {
  readonly release: string;
  readonly tag: string;
  readonly kind: "promotion" | "demotion";
  readonly at: string;
  readonly payload: DiscordPayload;
}

/** An intent as it is read. Of its message only the title is used. */
export const StoredIntent = z.looseObject({
  release: z.string(),
  tag: z.string(),
  kind: PromotionKind,
  at: z.iso.datetime(),
  payload: z.looseObject({ embeds: z.tuple([z.looseObject({ title: z.string() })], z.unknown()) }),
});
export type StoredIntent = Readonly<z.infer<typeof StoredIntent>>;

/** Written when it is certain that a try sent nothing. */
const NotSent = z.looseObject({ why: z.string(), at: z.iso.datetime() });
export type NotSent = Readonly<Pick<z.infer<typeof NotSent>, "why" | "at">>;

/** Written when the message exists. */
const Sent = z.looseObject({
  messageId: z.string(),
  at: z.iso.datetime(),
  /** How it is known: by Discord's answer, or from a person, with or without a check at Discord. */
  by: z.enum(["answer", "person, seen at Discord", "person"]),
});
export type Sent = Readonly<Pick<z.infer<typeof Sent>, "messageId" | "at" | "by">>;

/** The last try of an announcement, and what is known about it. */
export interface Tries {
  /** Number of the last intent; 0 when there is none. */
  readonly number: number;
  readonly intent?: StoredIntent;
  readonly notSent?: NotSent;
  readonly sent?: Sent;
}

/** The records of one generation of a channel. */
export class AnnouncementRecords {
  private readonly folder: string;

  constructor(
    private readonly store: Store,
    channel: string,
    generation: number,
  ) {
    this.folder = `announcements/${channel}/${generation}/`;
  }

  /** @throws {UserError} when a record cannot be read or is damaged */
  async read(): Promise<Tries> {
    const keys = new Set(await this.store.list(this.folder));
    const one = <T>(name: string, form: z.ZodType<T>) =>
      keys.has(this.folder + name) ? this.document(name, form) : undefined;
    let number = 0;
    while (keys.has(`${this.folder}intent-${number + 1}.json`)) number += 1;
    return {
      number,
      intent: await one(`intent-${number}.json`, StoredIntent),
      notSent: await one(`not-sent-${number}.json`, NotSent),
      sent: await one("sent.json", Sent),
    };
  }

  /** False when another run recorded its intent first; that run sends. */
  intend(number: number, intent: Intent): Promise<boolean> {
    return this.put(`intent-${number}.json`, StoredIntent, intent);
  }

  /** False when somebody else recorded it first. */
  notSent(number: number, record: NotSent): Promise<boolean> {
    return this.put(`not-sent-${number}.json`, NotSent, record);
  }

  /** False when somebody else recorded first that it was sent. */
  sent(record: Sent): Promise<boolean> {
    return this.put("sent.json", Sent, record);
  }

  /** A record is read back from its text before it is written, so that it stops no later run. */
  private async put(name: string, form: z.ZodType, record: unknown): Promise<boolean> {
    const key = this.folder + name;
    const document = withoutHalves(JSON.stringify(record)); // Discord's own words may end within a character
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (!form.safeParse(document).success) {
      throw new UserError(
        "AnnouncementRecordUnusable",
        `${key} was not written, since no later run could read it.`,
        "Check the message with `smeshnet announce CHANNEL`.",
      );
    }
    return putNew(this.store, key, text);
  }

  private async document<T>(name: string, form: z.ZodType<T>): Promise<T> {
    const key = this.folder + name;
    const { success, data } = form.safeParse(parsedJson(await textOf(this.store.get(key))));
    if (success) return data;
    throw new UserError(
      "AnnouncementRecordInvalid",
      `${key} is not a valid announcement record.`,
      "Check the Discord channel for the message, and restore the original object.",
    );
  }
}

/** The state of an announcement. Times are RFC 3339. */
export type AnnouncementState =
  | { readonly state: "none" }
  | { readonly state: "sent"; readonly messageId: string }
  /** A try began and its end is unknown: its run is active, was killed, or got no answer. */
  | { readonly state: "doubt"; readonly since: string }
  | { readonly state: "not-sent"; readonly why: string };

/** How an attempt to announce ends, unless it fails. */
export type AnnouncementOutcome = Extract<AnnouncementState, { state: "sent" | "doubt" }>;

export function stateOf({ intent, notSent, sent }: Tries): AnnouncementState {
  if (sent) return { state: "sent", messageId: sent.messageId };
  if (!intent) return { state: "none" };
  return notSent ? { state: "not-sent", why: notSent.why } : { state: "doubt", since: intent.at };
}

/** A time in milliseconds since 1970 as RFC 3339. */
export const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();
