import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkForm } from "./form";

/** A message as Discord returns it (Discord docs, Webhook resource), limited to the fields we use. */
export interface DiscordMessage {
  readonly id: string;
  readonly webhook_id: string;
  readonly content: string;
  /** Whether the message notifies everybody. Only the content can, unless `allowed_mentions` forbids it. */
  readonly mention_everyone: boolean;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** Milliseconds from 1970 to Discord's epoch, 2015. Message ids are snowflakes that count from it. */
const EPOCH = 1_420_070_400_000;

/** The messages so far, in memory and in a file that is replaced in one step. */
export class MessageFile {
  readonly #path: string;
  readonly #messages: DiscordMessage[];

  /** Reads the messages of a folder. @throws when they cannot be read. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, "messages.json");
    this.#messages = stored(this.#path);
  }

  /** The messages, oldest first. */
  get messages(): readonly DiscordMessage[] {
    return this.#messages;
  }

  add(message: DiscordMessage): void {
    this.#messages.push(message);
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#messages, null, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

/**
 * Makes a message from a posted body.
 * @param count distinguishes messages of the same millisecond
 * @throws {Refusal} with Discord's codes for an empty message or a broken limit
 */
export function newMessage(sent: Readonly<Record<string, unknown>>, webhook: string, count: number): DiscordMessage {
  checkForm(sent);
  const { content = "", embeds = [] } = sent as { content?: string; embeds?: readonly unknown[] };
  const id = (BigInt(Date.now() - EPOCH) << 22n) + BigInt(count); // the low bits make ids of a millisecond differ
  return {
    ...sent,
    id: String(id),
    type: 0,
    webhook_id: webhook,
    content,
    embeds,
    mention_everyone: /@(everyone|here)/.test(content) && mayCallEverybody(sent),
    timestamp: new Date().toISOString(),
  };
}

/** Without `allowed_mentions`, every mention is allowed (Discord docs, Message resource, Allowed Mentions). */
function mayCallEverybody({ allowed_mentions }: Readonly<Record<string, unknown>>): boolean {
  const { parse = [] } = (allowed_mentions as { parse?: string[] }) ?? { parse: ["everyone"] };
  return parse.includes("everyone");
}

function stored(file: string): DiscordMessage[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DiscordMessage[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`${file} cannot be read: ${(error as Error).message}. Delete the file to start without messages.`);
  }
}
