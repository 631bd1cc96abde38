import type { Clock } from "../../infra/base/lib/clock";

interface Timer {
  readonly at: number;
  run(): void;
}

/**
 * Time that passes only when everybody sleeps, so that hours take moments and the same world always goes the same way.
 */
export class SimulatedTime {
  /** Milliseconds since 1970. */
  now = Date.parse("2026-01-01T00:00:00Z");
  /** By time, and of the same time the older first. */
  private readonly timers: Timer[] = [];

  /** Runs something later. */
  at(time: number, run: () => void): void {
    const later = this.timers.findIndex((timer) => timer.at > time);
    this.timers.splice(later === -1 ? this.timers.length : later, 0, { at: time, run });
  }

  /** Lets time pass until a promise is settled. @throws when it waits for nothing that is to come. */
  async until<T>(done: Promise<T>): Promise<T> {
    let settled = false;
    const end = () => {
      settled = true;
    };
    done.then(end, end);
    for (;;) {
      await new Promise((resume) => setImmediate(resume)); // every promise that can settle has settled by then
      if (settled) return done;
      const next = this.timers.shift();
      if (!next) throw new Error("everybody waits for nothing");
      this.now = Math.max(this.now, next.at);
      next.run();
    }
  }
}

/** A process and its clock. Once killed, it never continues. */
export class Process implements Clock {
  private killed = false;

  constructor(
    readonly time: SimulatedTime,
    private readonly parent?: Process,
  ) {}

  /** A process that dies with this one. */
  child(): Process {
    return new Process(this.time, this);
  }

  kill(): void {
    this.killed = true;
  }

  get dead(): boolean {
    return this.killed || (this.parent?.dead ?? false);
  }

  now(): number {
    return this.time.now;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const interrupt = () => !this.dead && reject(new DOMException("The operation was aborted", "AbortError"));
      if (signal?.aborted) return void interrupt();
      signal?.addEventListener("abort", interrupt, { once: true });
      this.time.at(this.time.now + seconds * 1000, () => {
        signal?.removeEventListener("abort", interrupt);
        if (!this.dead) resolve();
      });
    });
  }
}
