import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkForm } from "./form";

/** A message as Discord returns it (Discord docs, Webhook resource), as far as we use it. */
export interface DiscordMessage {
  readonly id: string;
  readonly webhook_id: string;
  readonly content: string;
  /** Whether everybody is called: by the content only, and unless `allowed_mentions` forbids it. */
  readonly mention_everyone: boolean;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** Milliseconds between 1970 and Discord's epoch, 2015; ids are snowflakes that count from there. */
const EPOCH = 1_420_070_400_000;

/** The messages so far, in memory and as a file that is only ever whole. */
export class MessageFile {
  readonly #path: string;
  readonly #messages: DiscordMessage[];

  /** Reads the messages left in a folder. @throws when they cannot be read. */
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
 * A message from what was posted.
 * @param count tells messages of the same millisecond apart.
 * @throws {Refusal} with Discord's codes when it is empty or breaks a limit.
 */
export function newMessage(sent: Readonly<Record<string, unknown>>, webhook: string, count: number): DiscordMessage {
  checkForm(sent);
  const { content = "", embeds = [] } = sent as { content?: string; embeds?: readonly unknown[] };
  const id = (BigInt(Date.now() - EPOCH) << 22n) + BigInt(count); // the low bits tell two of the same millisecond apart
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

/** Whoever allows nothing in particular allows all (Discord docs, Message resource, Allowed Mentions). */
function mayCallEverybody({ allowed_mentions }: Readonly<Record<string, unknown>>): boolean {
  const { parse = [] } = (allowed_mentions as { parse?: string[] }) ?? { parse: ["everyone"] };
  return parse.includes("everyone");
}

function stored(file: string): DiscordMessage[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DiscordMessage[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`cannot read ${file}: ${(error as Error).message}; delete it to start without messages`);
  }
}
