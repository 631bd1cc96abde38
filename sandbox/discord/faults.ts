import { type CloudflareFaults, Faults } from "../cloudflare/faults";

/** What goes wrong at Discord, as `faults.json` in its folder says; absent is healthy. */
export interface DiscordFaults extends Pick<CloudflareFaults, "refuse"> {
  /** The first so many messages are kept, and the connection cut without an answer. */
  readonly loseAnswer?: number;
  /** Milliseconds between a message that is kept and its answer. */
  readonly slow?: number;
}

/** The faults of a running webhook, read anew for each message, so that anyone may switch them by the file. */
export class DiscordFaultFile extends Faults {
  #text = "";
  #lost = 0;

  override now(): CloudflareFaults & DiscordFaults {
    const faults = super.now() as CloudflareFaults & DiscordFaults;
    const text = JSON.stringify(faults);
    if (text !== this.#text) this.#lost = 0;
    this.#text = text;
    return faults;
  }

  override set(faults: DiscordFaults): void {
    super.set(faults);
  }

  /** Whether the answer to the message that has just been kept gets lost. */
  loses(): boolean {
    if (this.#lost >= (this.now().loseAnswer ?? 0)) return false;
    this.#lost += 1;
    return true;
  }
}
