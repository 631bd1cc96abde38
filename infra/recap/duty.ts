import type { Run } from "../base/lib/run";
import { type BuildTag, isBuildTag, parseBuildTag } from "../base/model/build-tag";
import { edgePrefixes } from "../base/model/edge";
import { readHistoryRecord, type StoredRecord } from "../base/model/history-record";
import { readRecapLink } from "../base/model/recap-link";
import { draftRecap, failureInWords, type RecapWorld } from "./draft";
import { recordsOf } from "./edge-records";

/** How long after its retirement a failed network gets its draft by itself, in milliseconds. */
const RECENT = 7 * 86_400_000;
/** The longest time between two tries for one network, in milliseconds. */
const LONGEST_PAUSE = 3_600_000;

/** Verdicts of networks that failed. */
const isFailure = (verdict: string): boolean => ["stalled", "split", "blind"].includes(verdict);

/**
 * Whether a retired network gets its draft by itself: it failed in its simmer, or its deployment did.
 * @param now milliseconds since 1970
 */
export const needsDraft = (record: StoredRecord, now: number): boolean =>
  (isFailure(record.verdict) || Object.hasOwn(record, "failed")) && now - Date.parse(record.retiredAt) < RECENT;

/**
 * Makes the draft of a network that was retired just now, if it failed: as its record in the history says.
 * @throws {UserError} when a system does not answer
 */
export async function draftIfFailed(tag: BuildTag, world: RecapWorld, run: Run): Promise<void> {
  const { settings, cloudflare, namespaceId, store } = world;
  const lives = await recordsOf(tag, cloudflare, { accountId: settings.accountId, namespaceId }, store);
  const [last] = lives.sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt));
  if (last && needsDraft(last, run.clock.now())) await draftRecap(tag, world, run);
}

/**
 * Makes the drafts that are missing: of networks that failed, are in the history, and have no link to their story. So
 * a draft that failed is tried again, by this watcher or another one, also after a restart.
 */
export class RecapDuty {
  private running: Promise<void> | undefined;
  /** Keys of records, which never change, that need nothing any more. */
  private readonly done = new Set<string>();
  private readonly failed = new Map<
    string,
    { readonly said: string; readonly pause: number; readonly until: number }
  >();

  /** @param every time between two passes, in seconds */
  constructor(
    private readonly world: RecapWorld,
    private readonly draft: (tag: BuildTag) => Promise<void>,
    private readonly every: number,
  ) {}

  /** Begins a pass, and does not wait for it. One pass runs at a time. */
  start(run: Run): void {
    this.running ??= this.pass(run).finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when no pass is running. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async pass(run: Run): Promise<void> {
    const missing = await this.attempt("", () => this.missing(run), run, "the drafts of postmortems");
    for (const { key, tag } of missing ?? []) {
      if (run.signal.aborted) return;
      const { until = 0 } = this.failed.get(key) ?? {};
      if (run.clock.now() >= until) await this.attempt(key, () => this.draft(parseBuildTag(tag)), run, tag);
    }
  }

  private async missing(run: Run): Promise<{ readonly key: string; readonly tag: string }[]> {
    const { settings, cloudflare, namespaceId } = this.world;
    const namespace = { accountId: settings.accountId, namespaceId };
    const missing = [];
    for (const key of await cloudflare.listKv(namespace, edgePrefixes.history())) {
      if (this.done.has(key)) continue;
      const record = readHistoryRecord((await cloudflare.getKv(namespace, key)) ?? "");
      const link = `${edgePrefixes.recap}${key.slice(edgePrefixes.history().length)}`;
      const isNeeded = record && isBuildTag(record.tag) && needsDraft(record, run.clock.now());
      const story = isNeeded && readRecapLink((await cloudflare.getKv(namespace, link)) ?? "");
      if (isNeeded && (!story || story.pending)) missing.push({ key, tag: record.tag });
      else if (record) this.done.add(key);
    }
    return missing;
  }

  /** Says a failure once, and lets more and more time pass until the next try. */
  private async attempt<T>(key: string, act: () => Promise<T>, run: Run, what: string): Promise<T | undefined> {
    try {
      const result = await act();
      this.failed.delete(key);
      return result;
    } catch (error) {
      const before = this.failed.get(key);
      const said = failureInWords(error);
      if (before?.said !== said) run.say(`${what}: ${said}`);
      const pause = Math.min(before ? 2 * before.pause : this.every * 1000, LONGEST_PAUSE);
      // A pass that comes a moment early must not wait for the one after it.
      this.failed.set(key, { said, pause, until: run.clock.now() + pause - this.every * 500 });
      return undefined;
    }
  }
}
