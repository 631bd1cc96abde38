import { type CloudflareFaults, Faults } from "../cloudflare/faults";

/** Faults of Discord, as written in `faults.json` of its folder. An absent fault is off. */
export interface DiscordFaults extends Pick<CloudflareFaults, "refuse"> {
  /** Number of messages, from the first, that are kept while the connection is cut without an answer. */
  readonly loseAnswer?: number;
  /** Milliseconds from keeping a message to answering the request. */
  readonly slow?: number;
}

/** The faults of a running webhook. Each message reads the file again, so anyone may switch faults by writing it. */
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

  /** Whether the answer to the message just kept is lost. */
  loses(): boolean {
    if (this.#lost >= (this.now().loseAnswer ?? 0)) return false;
    this.#lost += 1;
    return true;
  }
}
