import type { Clock } from "../base/lib/clock";
import type { NetworkWatcher } from "./watcher";

/** A network under watch. Times are in milliseconds since 1970. */
export interface Watched {
  readonly watcher: NetworkWatcher;
  readonly since: number;
  /** Number of samples that this process took. */
  readonly samples: number;
  /** Time of the last sample; absent before the first. */
  readonly sampledAt?: number;
  /** Last time at which no sample waited for the store; absent before the first. */
  readonly storedAt?: number;
}

/** What this process watches now, for its metrics and its health. */
export class Board {
  private readonly byTag = new Map<string, Watched>();
  private foundAt: number;

  /** @param searchEvery time between two searches for networks, in seconds */
  constructor(
    private readonly clock: Pick<Clock, "now">,
    private readonly searchEvery: number,
  ) {
    this.foundAt = clock.now();
  }

  /** All networks under watch. */
  get all(): readonly Watched[] {
    return [...this.byTag.values()];
  }

  /** A search for networks succeeded. */
  found(): void {
    this.foundAt = this.clock.now();
  }

  /** A watch begins. */
  take(watcher: NetworkWatcher): void {
    this.byTag.set(watcher.options.tag, { watcher, since: this.clock.now(), samples: 0 });
  }

  /** A sample was taken. */
  looked(watcher: NetworkWatcher): void {
    const known = this.of(watcher);
    if (!known) return;
    const now = this.clock.now();
    const stored = watcher.waiting === 0 ? { storedAt: now } : {};
    this.byTag.set(watcher.options.tag, { ...known, samples: known.samples + 1, sampledAt: now, ...stored });
  }

  /** A watch ends. */
  letGo(watcher: NetworkWatcher): void {
    if (this.of(watcher)) this.byTag.delete(watcher.options.tag);
  }

  /** What is wrong with watching now, one line a network; empty when all is well. */
  troubles(): string[] {
    const now = this.clock.now();
    const search = Math.round((now - this.foundAt) / 1000);
    const lost = search > INTERVALS * this.searchEvery ? [`the networks could not be found out for ${search} s`] : [];
    return [...lost, ...this.all.flatMap((watched) => troubleOf(watched, now) ?? [])];
  }

  /** A tag that is deployed again has another watcher, which begins before the old one ends. */
  private of(watcher: NetworkWatcher): Watched | undefined {
    const known = this.byTag.get(watcher.options.tag);
    return known?.watcher === watcher ? known : undefined;
  }
}

/** Intervals without success after which something is wrong. */
const INTERVALS = 3;
/** Seconds of patience at least: one alert, one visit and one summary may each take the time limit of a call. */
const PATIENCE = 15;

/** Longest time without a sample that is no trouble, in seconds. @param every time between two samples, in seconds */
export const patience = (every: number): number => Math.max(INTERVALS * every, PATIENCE);

/** What is wrong with the watch of a network, as a line; undefined when it is well. */
function troubleOf({ watcher, since, sampledAt, storedAt }: Watched, now: number): string | undefined {
  if (watcher.isRetiring) return undefined; // takes a while, in which nothing is sampled
  const { tag, every } = watcher.options;
  const limit = patience(every);
  const unsampled = (now - (sampledAt ?? since)) / 1000;
  if (unsampled > limit) return `${tag}: no sample for ${Math.round(unsampled)} s, one is due every ${every} s`;
  const unstored = (now - (storedAt ?? since)) / 1000;
  if (unstored <= limit) return undefined;
  return `${tag}: the store took no sample for ${Math.round(unstored)} s, ${watcher.waiting} wait`;
}
