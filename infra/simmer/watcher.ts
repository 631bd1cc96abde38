import { UserError } from "../base/lib/errors";
import type { Run } from "../base/lib/run";
import type { SimmerPoint, SimmerSummary } from "../base/model/simmer-summary";
import type { Verdict } from "../base/model/verdict";
import type { Evidence } from "../base/verdict/judge";
import { evidenceInWords } from "../base/verdict/words";
import { alertDue, alertMessage } from "./alert";
import type { Retirement, Sealed } from "./entry";
import { countedTime, dayText, isBeyond, isLongTroubled } from "./progress";
import { Plot, summaryOf } from "./summary";
import { type Seen, visitIfDue } from "./visit";
import { type WatchOptions, watchOnce } from "./watch";

/** What a watcher may do beside watching. Each may throw a {@link UserError} unless it says not; watching goes on. */
export interface Hands {
  /** Visits explorer and dashboard as everybody does. */
  visit(): Promise<readonly Seen[]>;
  /** Posts an alert. Absent without a place for alerts. */
  alert?(message: unknown): Promise<void>;
  /** The points of the summary that is at the edge now. */
  known(): Promise<readonly SimmerPoint[]>;
  summarize(summary: SimmerSummary): Promise<void>;
  /** Puts the certificate where everybody finds it. */
  publish(): Promise<void>;
  /** Whether the network still runs, and nobody retires it. */
  runs(): Promise<boolean>;
  /** The channels that point to the network. */
  channels(): Promise<readonly string[]>;
  retire(why: string, verdict: Verdict): Promise<void>;
  /** Ships the new lines of the network's logs into the store. */
  ship(): Promise<void>;
  /** Writes the draft of the network's postmortem, from what is known by now. Never fails. */
  recap(): Promise<void>;
}

export interface WatcherOptions extends WatchOptions {
  /** Build tag. */
  readonly tag: string;
  /** URL of the network's page. */
  readonly page: string;
  readonly hands: Hands;
  /** Layers of stall or split until the network is retired. */
  readonly limit: number;
  readonly act: "retire" | "alert";
  /** Is told of each sample, in the log or not, before anything follows from it. */
  readonly looked?: (watcher: NetworkWatcher) => void;
}

/** Time between two summaries, in seconds. KV takes one write a second for each key. */
const SUMMARY_EVERY = 300;
/** Time between two tries to retire, and between two alarms of a network that a channel needs, in seconds. */
const RETIRE_AGAIN = 600;
const ALARM_AGAIN = 3600;
/** Time between two shipments of logs, in seconds: a network that dies takes no more of its logs with it. */
const SHIP_EVERY = 600;
/** Summaries of one day of the simmer, at least. */
const SUMMARIES_A_DAY = 6;

/** Watches one network, and acts on what it sees. */
export class NetworkWatcher {
  private plot: Plot | undefined;
  private summarized: { at: number; verdict: Verdict } | undefined;
  private retireAt = 0;
  private shipAt = 0;
  private shipping: Promise<void> | undefined;
  private fault: unknown;
  private isPublished = false;
  private said: string | undefined;
  private readonly complaints = new Map<string, string>();
  /** Whether the network is being retired now, which takes many intervals. */
  isRetiring = false;
  /** The evidence of the last sample that is in the log. */
  evidence: Evidence | undefined;
  /** Samples that are not in the log yet. */
  get waiting(): number {
    return this.options.spool.samples.length;
  }

  constructor(readonly options: WatcherOptions) {}

  /**
   * Watches until the network is retired or the run is interrupted.
   * @param once take one sample only
   */
  async watch(run: Run, once = false): Promise<void> {
    try {
      await this.watchOn(run, once);
    } finally {
      await this.shipping;
    }
    if (this.fault !== undefined) throw this.fault;
  }

  private async watchOn(run: Run, once: boolean): Promise<void> {
    const { every, terms } = this.options;
    for (;;) {
      const isRetired = await this.look(run);
      if (once || isRetired || this.fault !== undefined) return;
      // Samples stand at multiples of the interval since genesis, so that networks are not all asked at once.
      const since = (run.clock.now() - terms.network.genesisTime) / 1000;
      await run.clock.sleep(every - (((since % every) + every) % every) + OFFSET * every, run.signal);
    }
  }

  /** One sample, and what follows from it. @returns whether the network was retired */
  async look(run: Run): Promise<boolean> {
    const { log, tag, looked } = this.options;
    const outcome = await watchOnce(this.options, { ...run, say: (line) => this.say(`${tag}: ${line}`, run) });
    const { body } = log.last?.entry ?? {};
    if (body?.kind === "sample") this.evidence = body.evidence;
    looked?.(this);
    if (outcome === "logged" && this.evidence) {
      this.tell(run);
      this.shipIfDue(run);
      await this.attempt("visit", () => this.visit(run), run);
      await this.attempt("alert", () => this.alert(run), run);
      await this.attempt("publish", () => this.publish(), run);
      await this.attempt("summarize", () => this.summarize(run), run);
      if (await this.attempt("act", () => this.act(run), run)) return true;
    }
    return false;
  }

  /** One line a change. */
  private tell(run: Run): void {
    const { log, tag, terms } = this.options;
    const { memory } = log.state;
    const day = `day ${dayText(countedTime(log.state), terms)} of ${terms.days}`;
    this.say(`${tag}: ${memory.verdict}, ${day}`, run);
  }

  private say(line: string, run: Run): void {
    if (line !== this.said) run.say(line);
    this.said = line;
  }

  /** Whatever fails beside watching is said once, and tried again with the next sample. */
  private async attempt<T>(name: string, act: () => Promise<T>, run: Run): Promise<T | undefined> {
    try {
      const result = await act();
      this.complaints.delete(name);
      return result;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (this.complaints.get(name) !== error.what) run.say(`${this.options.tag}: ${error.what}`);
      this.complaints.set(name, error.what);
      return undefined;
    }
  }

  /** Ships logs beside the samples, which must not wait for gigabytes. */
  private shipIfDue(run: Run): void {
    const now = run.clock.now();
    if (this.shipping || this.isRetiring || now < this.shipAt) return;
    this.shipAt = now + SHIP_EVERY * 1000;
    this.shipping = this.attempt("ship", () => this.options.hands.ship(), run)
      .catch((error: unknown) => {
        if (!run.signal.aborted) this.fault = error; // a bug: nobody else would see it
      })
      .then(() => {
        this.shipping = undefined;
      });
  }

  private visit(run: Run): Promise<void> {
    const { log, terms, hands } = this.options;
    return visitIfDue(log, terms, () => hands.visit(), run);
  }

  private async alert(run: Run): Promise<void> {
    const { log, terms, hands, tag, page, limit, act } = this.options;
    const verdict = alertDue(log.state, terms);
    if (!verdict || !hands.alert) return;
    if (verdict === "blind" && !(await hands.runs())) return; // nobody sees a network that somebody retires
    const next =
      verdict === "stalled" || verdict === "split"
        ? act === "retire"
          ? ` It is retired after ${limit} layers, unless it recovers.`
          : " Look at it: the watcher does not retire it."
        : "";
    await this.post(verdict, `${this.words()}${next}`, run, { tag, page });
  }

  /** Posts first and writes down afterwards: an alert may come twice after a kill, and never not at all. */
  private async post(
    verdict: Verdict,
    text: string,
    run: Run,
    { tag, page }: { tag: string; page: string },
  ): Promise<void> {
    const { log, hands } = this.options;
    await hands.alert?.(alertMessage(tag, verdict, text, page));
    const at = new Date(run.clock.now()).toISOString();
    await log.add(() => ({ body: { kind: "alert", at, verdict, text } }));
  }

  private async summarize(run: Run): Promise<void> {
    const { log, terms, tag, hands, every } = this.options;
    const { evidence } = this;
    if (!evidence) return;
    if (!this.plot) {
      this.plot = new Plot(terms, await hands.known());
    }
    this.plot.add(log.state, evidence);
    const now = run.clock.now();
    const { verdict } = log.state.memory;
    const interval = Math.max(every, Math.min(SUMMARY_EVERY, terms.day / SUMMARIES_A_DAY));
    const isDue =
      !this.summarized || now - this.summarized.at >= interval * 1000 || verdict !== this.summarized.verdict;
    if (!isDue || (this.summarized && now - this.summarized.at < 1000)) return;
    const watchedAt = new Date(now).toISOString();
    const { certifiedAt } = log.state;
    const shared = { tag, terms, state: log.state, evidence, watchedAt, every: interval, points: this.plot.all };
    await hands.summarize(summaryOf({ ...shared, ...(certifiedAt !== undefined && { certifiedAt }) }));
    this.summarized = { at: now, verdict };
  }

  /** Publishes the certificate that somebody sealed, once for each start of the watcher. */
  private async publish(): Promise<void> {
    const { log, hands } = this.options;
    if (log.state.certifiedAt === undefined || this.isPublished) return;
    await hands.publish();
    this.isPublished = true;
  }

  /** Retires a network that is stalled or split for too long, unless a channel points to it. */
  private async act(run: Run): Promise<boolean> {
    const { log, terms, hands, tag, page, limit, act } = this.options;
    const now = run.clock.now();
    if (act === "alert" || !isBeyond(log.state, terms, limit) || now < this.retireAt) return false;
    this.retireAt = now + RETIRE_AGAIN * 1000;
    const { verdict, trouble } = log.state.memory;
    const layers = Math.floor(trouble / terms.network.layerDuration);
    const channels = await hands.channels();
    if (channels.length > 0) {
      const names = channels.join(" and ");
      const text = `${names} points to it, so it is not retired. Release a fixed build, or run \`smeshnet demote\`.`;
      await this.post(verdict, `${text} ${this.words()}`, run, { tag, page });
      this.retireAt = now + ALARM_AGAIN * 1000;
      return false;
    }
    const head = log.last as Sealed;
    const upTo = `entry ${head.entry.number}, SHA-256 ${head.sha256.slice(0, 16)}`;
    const why = `${verdict} for ${layers} layers. ${this.words()} Log of the simmer: ${log.prefix} up to ${upTo}.`;
    const at = new Date(now).toISOString();
    const { watcher } = this.options;
    // Written down first: of two watchers one acts, and after a kill it knows what it has begun.
    const begun = await log.add(({ retirement, memory }) =>
      memory.verdict !== verdict || (retirement && retirement.watcher !== watcher && isFresh(retirement, now))
        ? undefined
        : { body: { kind: "retirement", at, watcher, verdict, why } },
    );
    if (!begun) return false;
    run.say(`${tag}: ${verdict} for ${layers} layers, so it is retired`);
    this.isRetiring = true;
    // A retirement takes long, and people wait for the story: it is written now, and again with the archive.
    const early = hands.recap();
    try {
      await hands.retire(why, verdict);
      await early;
      await hands.recap();
    } finally {
      await early;
      this.isRetiring = false;
    }
    return true;
  }

  /**
   * Completes the retirement of a network that a watcher had begun when it was killed. What a person retires is left to
   * that person: also a network that recovered since a watcher tried to retire it.
   */
  async completeRetirement(run: Run): Promise<void> {
    await this.attempt("complete", () => this.complete(run), run);
  }

  private async complete(run: Run): Promise<void> {
    const { log, terms, limit, act, tag, hands, watcher } = this.options;
    await log.open();
    const { retirement } = log.state;
    if (act === "alert" || !retirement || !isLongTroubled(log.state, terms, limit)) return;
    if (retirement.watcher !== watcher && isFresh(retirement, run.clock.now())) return;
    run.say(`${tag}: its retirement was interrupted, so it is continued`);
    await hands.retire(retirement.why, retirement.verdict);
    await hands.recap();
  }

  private words(): string {
    return this.evidence ? evidenceInWords(this.options.log.state.memory.verdict, this.evidence) : "";
  }
}

/** Whether another watcher may be at work on a retirement. */
const isFresh = ({ at }: Retirement, now: number): boolean => now - Date.parse(at) < RETIRE_AGAIN * 1000;

/** Share of the interval by which samples come after a layer's start, when a layer's verification may be running. */
const OFFSET = 0.2;
