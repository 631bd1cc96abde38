import type { Run } from "../../base/lib/run";
import type { Outcome } from "./stack";

/** Seconds without a line of progress. */
const QUIET = 2;

/** Reports progress once a preview takes longer than two seconds. */
export class Ticker {
  private readonly ended = new AbortController();
  private readonly lines: string[] = [];
  private isLoud = false;

  constructor(
    private readonly total: number,
    processes: number,
    private readonly run: Run,
  ) {
    run.clock.sleep(QUIET, this.ended.signal).then(
      () => {
        this.isLoud = true;
        run.say(`previewing ${total} stacks, ${Math.min(processes, total)} at a time`);
        for (const line of this.lines) run.say(line);
      },
      () => undefined, // it ended before
    );
  }

  /** Counts a stack that has been previewed. */
  done(what: string, outcome: Outcome): void {
    const line = `  ${this.lines.length + 1} of ${this.total}: ${what}: ${inWords(outcome)}`;
    this.lines.push(line);
    if (this.isLoud) this.run.say(line);
  }

  end(): void {
    this.ended.abort();
  }
}

/** An outcome as a phrase. */
export function inWords(outcome: Outcome): string {
  if (outcome.kind !== "previewed") return `${outcome.kind}, ${outcome.reason}`;
  const { length } = outcome.resources;
  if (length === 0) return "nothing changes";
  return `${length} ${length === 1 ? "resource changes" : "resources change"}`;
}
