import type { Run } from "../base/lib/run";

/** How long the archive tries again what fails, in seconds: an API server or a node may restart meanwhile. */
export const PATIENCE = 240;
/** Times between two tries, in seconds. */
const [FIRST, LONGEST] = [5, 60];

/** The time that is left to try again, for everything that one archive reads together. */
export class Patience {
  private readonly end: number;
  private next = FIRST;

  constructor(
    private readonly run: Pick<Run, "clock" | "signal">,
    seconds = PATIENCE,
  ) {
    this.end = run.clock.now() + seconds * 1000;
  }

  /** Whether the next try is the last one. */
  get isOver(): boolean {
    return this.run.clock.now() >= this.end;
  }

  /** Waits for the next try, a little longer each time. @throws AbortError when the run is interrupted */
  async wait(): Promise<void> {
    const left = Math.max(0, this.end - this.run.clock.now()) / 1000;
    const seconds = Math.min(this.next, left);
    this.next = Math.min(LONGEST, this.next * 2);
    await this.run.clock.sleep(seconds, this.run.signal);
  }
}
