import { UserError } from "../../base/lib/errors";
import { ObjectExists, type Store } from "../../base/store/contract";
import { textOf } from "../../base/store/digest";
import type { DiscordPayload } from "./message";

/**
 * The records of announcements in the archive store, each written once:
 * `announcements/CHANNEL/GENERATION/intent-N.json` before the Nth try, `not-sent-N.json` when it is known to have failed,
 * and `sent.json` when one has succeeded. Times are RFC 3339.
 */

/** Written before a message is sent. */
export interface Intent {
  readonly release: string;
  readonly tag: string;
  readonly kind: "promotion" | "demotion";
  readonly at: string;
  readonly payload: DiscordPayload;
}

/** Written when it is known that a try has not sent anything. */
export interface NotSent {
  readonly why: string;
  readonly at: string;
}

/** Written when the message is in the channel. */
export interface Sent {
  readonly messageId: string;
  readonly at: string;
  /** Whose word it is: Discord's answer, or a person's with or without a look at Discord. */
  readonly by: "answer" | "person, seen at Discord" | "person";
}

/** The last try of an announcement, and what is known of it. */
export interface Tries {
  /** Number of the last intent; 0 when there is none. */
  readonly number: number;
  readonly intent?: Intent;
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
    const one = <T>(name: string) => (keys.has(this.folder + name) ? this.document<T>(name) : undefined);
    let number = 0;
    while (keys.has(`${this.folder}intent-${number + 1}.json`)) number += 1;
    return {
      number,
      intent: await one<Intent>(`intent-${number}.json`),
      notSent: await one<NotSent>(`not-sent-${number}.json`),
      sent: await one<Sent>("sent.json"),
    };
  }

  /** False when somebody else has written it first, and so does the sending. */
  intend(number: number, intent: Intent): Promise<boolean> {
    return this.put(`intent-${number}.json`, intent);
  }

  /** False when somebody else has recorded it. */
  notSent(number: number, record: NotSent): Promise<boolean> {
    return this.put(`not-sent-${number}.json`, record);
  }

  /** False when somebody else has recorded that it is sent. */
  sent(record: Sent): Promise<boolean> {
    return this.put("sent.json", record);
  }

  private async put(name: string, record: unknown): Promise<boolean> {
    try {
      await this.store.put(this.folder + name, `${JSON.stringify(record, null, 2)}\n`);
      return true;
    } catch (error) {
      if (error instanceof ObjectExists) return false;
      throw error;
    }
  }

  private async document<T>(name: string): Promise<T> {
    const key = this.folder + name;
    const text = await textOf(this.store.get(key));
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new UserError(`${key} in the store is damaged (${(error as Error).message}): look whether it was sent`);
    }
  }
}

/** Where the announcement of a generation has got to. Times are RFC 3339. */
export type AnnouncementState =
  | { readonly state: "none" }
  | { readonly state: "sent"; readonly messageId: string }
  /** A try was begun and its end is not known: a run is under way, was killed, or has heard nothing. */
  | { readonly state: "doubt"; readonly since: string }
  | { readonly state: "not-sent"; readonly why: string };

export function stateOf({ intent, notSent, sent }: Tries): AnnouncementState {
  if (sent) return { state: "sent", messageId: sent.messageId };
  if (!intent) return { state: "none" };
  return notSent ? { state: "not-sent", why: notSent.why } : { state: "doubt", since: intent.at };
}

export const rfc3339 = (milliseconds: number): string => new Date(milliseconds).toISOString();
