import { setImmediate as settled } from "node:timers/promises";

/** Numbers that a seed decides (mulberry32): the same seed plays the same history. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Turn {
  readonly mayGo: () => boolean;
  readonly go: () => void;
}

/** A process of a writer. It waits at every operation for its turn, and a kill leaves it there for ever. */
export class Process {
  isAlive = true;
  isDone = false;
  /** The generation that it gave up last. */
  given?: number;
  readonly waiting: Turn[] = [];

  /** Resolves when the scheduler gives this process its turn, and a condition holds. */
  turn(mayGo: () => boolean = () => true): Promise<void> {
    return new Promise((go) => this.waiting.push({ mayGo, go }));
  }

  /** An operation of the world: a kill hits before its effect, or between the effect and the answer. */
  async operation<T>(effect: () => T): Promise<T> {
    await this.turn();
    const answer = effect();
    await this.turn();
    return answer;
  }
}

/** Gives turns to processes in an order that a seed decides, and kills some of them. */
export class Scheduler {
  /** Turns given; the time of a history. */
  at = 0;
  private readonly processes: Process[] = [];

  constructor(
    private readonly chance: () => number,
    private readonly onKill: (process: Process) => void,
  ) {}

  /** Begins work as a process of its own. */
  start(work: (process: Process) => Promise<void>, onEnd: () => void): void {
    const process = new Process();
    this.processes.push(process);
    void work(process).finally(() => {
      process.isDone = true;
      onEnd();
    });
  }

  /** Gives turns until no process is left. @param kills how many may be killed, each with a chance at a turn */
  async play(kills: number, killChance: number): Promise<void> {
    for (let left = kills; ; ) {
      await settled();
      const living = this.processes.filter(({ isAlive, isDone }) => isAlive && !isDone);
      if (living.length === 0) return;
      if (living.some(({ waiting }) => waiting.length === 0)) continue;
      const ready = living.filter(({ waiting }) => waiting.some(({ mayGo }) => mayGo()));
      const one = ready[Math.floor(this.chance() * ready.length)];
      if (!one) throw new Error("every process waits for another");
      this.at += 1;
      if (left > 0 && this.chance() < killChance) {
        left -= 1;
        one.isAlive = false;
        this.onKill(one);
        continue;
      }
      const next = one.waiting.findIndex(({ mayGo }) => mayGo());
      one.waiting.splice(next, 1)[0]?.go();
    }
  }
}
