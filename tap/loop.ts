import type { Clock } from "../infra/base/lib/clock";
import type { Payer } from "./payer";

/** Looks at the chain again and again: after some time, and at once when a gift was promised. */
export class Loop {
  private nap = new AbortController();

  /** @param every time between two looks, in seconds */
  constructor(
    private readonly payer: Payer,
    private readonly clock: Clock,
    private readonly every: number,
  ) {}

  wake(): void {
    this.nap.abort();
  }

  /** Whether it still looks, or waits no longer than it should. */
  get isAlive(): boolean {
    return this.clock.now() - this.payer.lastStep < this.every * 1000 + GRACE;
  }

  /** Runs until the signal is aborted. @throws when the journal cannot be written */
  async run(signal: AbortSignal): Promise<void> {
    const end = () => this.wake();
    signal.addEventListener("abort", end);
    try {
      while (!signal.aborted) {
        await this.payer.look(signal);
        await this.clock.sleep(this.every, this.nap.signal).catch(() => undefined);
        this.nap = new AbortController();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", end);
    }
  }
}

/** Time that a node may take for one answer, and some more, in milliseconds. */
const GRACE = 60_000;
