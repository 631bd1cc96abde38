import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A message as Discord returns it (Discord docs, Webhook resource), as far as we use it. */
export interface DiscordMessage {
  readonly id: string;
  readonly webhook_id: string;
  readonly content: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/** Longest content of a message, in characters (Discord docs, Create Message). */
const LONGEST_CONTENT = 2000;
/** Milliseconds between 1970 and Discord's epoch, 2015; ids are snowflakes that count from there. */
const EPOCH = 1_420_070_400_000;

/** A refusal by HTTP status, with Discord's error code. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

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
 * @throws {Refusal} with Discord's codes when it is empty or too long.
 */
export function newMessage(sent: Readonly<Record<string, unknown>>, webhook: string, count: number): DiscordMessage {
  const { content = "", embeds = [] } = sent as { content?: string; embeds?: readonly unknown[] };
  if (content === "" && embeds.length === 0) throw new Refusal(400, "Cannot send an empty message", { code: 50006 });
  if (content.length > LONGEST_CONTENT) {
    const errors = {
      content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
    };
    throw new Refusal(400, "Invalid Form Body", { code: 50035, errors });
  }
  const id = (BigInt(Date.now() - EPOCH) << 22n) + BigInt(count); // the low bits tell two of the same millisecond apart
  return {
    ...sent,
    id: String(id),
    type: 0,
    webhook_id: webhook,
    content,
    embeds,
    timestamp: new Date().toISOString(),
  };
}

function stored(file: string): DiscordMessage[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as DiscordMessage[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new Error(`cannot read ${file}: ${(error as Error).message}; delete it to start without messages`);
  }
}
