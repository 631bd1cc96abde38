import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";

/**
 * A file that gets the engine's events without debug messages, one a line:
 * `{"at": milliseconds since 1970, "event": ...}`. It is a record beside the update, so when it cannot be written any
 * more, e.g. on a full disk, that is one line of warning and the update goes on.
 */
export class EventsFile {
  private isBroken = false;

  private constructor(
    private readonly file: string,
    private readonly stream: WriteStream,
    private readonly run: Pick<Run, "say" | "clock">,
  ) {
    stream.on("error", (error) => this.broke(error));
  }

  /** @throws {UserError} before anything is touched, when the file cannot be written */
  static async open(file: string, run: Pick<Run, "say" | "clock">): Promise<EventsFile> {
    const stream = createWriteStream(file);
    try {
      await once(stream, "open");
    } catch (error) {
      const { message } = error as Error;
      throw new UserError(
        "EventsUnwritable",
        `${file} cannot be written (${message}).`,
        "Pass another file with `--events`.",
        2,
      );
    }
    return new EventsFile(file, stream, run);
  }

  take(event: EngineEvent): void {
    if (this.isBroken || mayHoldSecrets(event)) return;
    this.stream.write(`${JSON.stringify({ at: this.run.clock.now(), event })}\n`);
  }

  /** Resolves when all is written, or nothing more can be. */
  async close(): Promise<void> {
    if (this.isBroken) return;
    // Not `once`, which fails with an error of the last write. That is a warning too, and the close follows it.
    const closed = new Promise<void>((resolve) => this.stream.once("close", () => resolve()));
    this.stream.end();
    await closed;
  }

  private broke({ message }: Error): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.run.say(`warning: ${this.file} cannot be written any more (${message}); further events are not in it`);
  }
}

/** Debug messages of the SDK show the outputs of resources, secrets too (@pulumi/pulumi, runtime/resource.js). */
const mayHoldSecrets = ({ diagnosticEvent }: EngineEvent): boolean => String(diagnosticEvent?.severity) === "debug";
