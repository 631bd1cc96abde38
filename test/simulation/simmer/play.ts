import { runWith } from "../../../infra/base/lib/run";
import { effectiveGenesis } from "../../../infra/base/model/network-facts";
import { sampleNetwork, type VantagePoints } from "../../../infra/base/observe/network-sample";
import type { Judge } from "../../../infra/base/verdict/judge";

import { limitOfGap } from "../../../infra/base/verdict/time";
import type { Terms } from "../../../infra/simmer/entry";
import { SimmerLog } from "../../../infra/simmer/log";
import { countedTime, isBeyond, missingFor } from "../../../infra/simmer/progress";
import { replay } from "../../../infra/simmer/replay";
import { Spool } from "../../../infra/simmer/spool";
import { visitIfDue } from "../../../infra/simmer/visit";
import { type WatchOptions, watchOnce } from "../../../infra/simmer/watch";
import { GENESIS, SimulatedChain } from "./chain";
import { type Guillotine, Killed, SimulatedDisk, SimulatedStore } from "./media";
import { DAY, DAYS, drawWeek, type KillPoint, LIMIT, type WatcherPlan, type Week, within } from "./week";

/** How a week ended. */
export interface Outcome {
  readonly seed: number;
  /** What went wrong, in words; empty when nothing did. */
  readonly wrong: readonly { readonly kind: "retirement" | "missed" | "certificate" | "log"; readonly what: string }[];
  readonly end: "retired" | "certified" | "neither";
  /** Number of samples in the log. */
  readonly samples: number;
  readonly log: SimulatedStore;
  readonly terms: Terms;
}

/** Plays a week of one network under watch. */
export async function playWeek(seed: number, judge?: Judge): Promise<Outcome> {
  const world = new World(drawWeek(seed), judge);
  return world.play();
}

const RUN = runWith();
/** One week of so many is replayed. */
const REPLAYED = 20;
const SAMPLE = /"body":\{"kind":"sample","watcher":"(\w+)","serial":(\d+)/;
const VISIT = [{ what: "explorer", ok: true, saw: "it" }];

interface Watcher {
  readonly plan: WatcherPlan;
  readonly disk: SimulatedDisk;
  readonly kills: WatcherPlan["kills"][number][];
  /** True time of its next act. */
  next: number;
  armed: KillPoint | undefined;
  options?: WatchOptions;
}

class World {
  private readonly store = new SimulatedStore();
  private readonly chain: SimulatedChain;
  private readonly terms: Terms;
  private now = 0;
  /** True times of the samples that are in the log or will be. */
  private readonly sampled: number[] = [];

  constructor(
    private readonly week: Week,
    private readonly judge: Judge | undefined,
  ) {
    this.chain = new SimulatedChain(week);
    this.terms = {
      network: {
        nodes: Array.from({ length: week.nodes }, (_, i) => `miner-${i + 1}`),
        genesisId: this.chain.genesisId,
        genesisTime: GENESIS,
        layerDuration: week.layerDuration,
        layersPerEpoch: week.layersPerEpoch,
      },
      thresholds: { usualLag: 2, stall: 2 },
      days: DAYS,
      day: DAY,
    };
  }

  async play(): Promise<Outcome> {
    const { week } = this;
    const watchers: Watcher[] = week.watchers.map((plan) => ({
      plan,
      disk: new SimulatedDisk(),
      kills: [...plan.kills].sort((a, b) => a.at - b.at),
      next: plan.from,
      armed: undefined,
    }));
    let end: Outcome["end"] = "neither";
    const wrong: Outcome["wrong"][number][] = [];
    for (;;) {
      const [first, second] = watchers;
      const watcher = second && second.next < (first as Watcher).next ? second : (first as Watcher);
      if (watcher.next >= week.end) break;
      this.now = watcher.next;
      this.store.isAway = week.storeAway.some((span) => within(this.now, span));
      const state = await this.act(watcher);
      if (!state) continue;
      if (isBeyond(state, this.terms, LIMIT)) {
        end = "retired";
        const why = this.whyNotRetire();
        if (why) wrong.push({ kind: "retirement", what: `retired as ${state.memory.verdict} at ${this.at()}: ${why}` });
        break;
      }
      if (missingFor(state, this.terms).length === 0) {
        end = "certified";
        const why = this.whyNotCertify(countedTime(state));
        if (why) wrong.push({ kind: "certificate", what: `certified at ${this.at()}: ${why}` });
        break;
      }
    }
    const fatal = week.failures.find(({ isFatal }) => isFatal);
    if (fatal && end === "neither")
      wrong.push({
        kind: "missed",
        what: `a ${fatal.kind} from ${this.at(fatal.span[0])} on was not found by ${this.at(week.end)}`,
      });
    const { samples, why } = await this.log(watchers);
    if (why) wrong.push({ kind: "log", what: why });
    return { seed: week.seed, wrong, end, samples, log: this.store, terms: this.terms };
  }

  /** Each sample that a watcher kept is in the log once, or still waits. Some weeks are judged again down to every sample. */
  private async log(watchers: readonly Watcher[]): Promise<{ samples: number; why?: string }> {
    const logged = new Set<string>();
    let samples = 0;
    for (const text of this.store.objects.values()) {
      const [, watcher, serial] = SAMPLE.exec(text.slice(0, 400)) ?? [];
      if (serial === undefined) continue;
      samples++;
      logged.add(`${watcher} ${serial}`);
    }
    if (logged.size < samples) return { samples, why: `${samples - logged.size} samples are in the log twice` };
    for (const { plan, disk } of watchers) {
      const { repeated } = disk;
      if (repeated.length > 0) return { samples, why: `watcher ${plan.id} used serial ${repeated[0]} twice` };
      const waiting = new Set([...disk.text.matchAll(/^\{"serial":(\d+)/gm)].map(([, serial]) => serial));
      const lost = [...disk.kept].filter((serial) => !logged.has(`${plan.id} ${serial}`) && !waiting.has(serial));
      if (lost.length > 0) return { samples, why: `samples ${lost.join(", ")} of ${plan.id} are lost` };
    }
    if (this.week.seed % REPLAYED === 0) {
      this.store.isAway = false;
      const log = new SimmerLog(this.store, "v1.2.3+1", this.chain.genesisId);
      try {
        const replayed = await replay(log.entries());
        if (replayed.samples !== samples) return { samples, why: `${replayed.samples} of ${samples} samples replay` };
      } catch (error) {
        if (!this.judge) return { samples, why: (error as Error).message };
      }
    }
    return { samples };
  }

  /** One act of a watcher: a sample, or its start after a kill. Returns the state of the log, if it is known. */
  private async act(watcher: Watcher): Promise<SimmerLog["state"] | undefined> {
    const { plan, kills } = watcher;
    if (this.now >= plan.to) {
      watcher.next = Number.POSITIVE_INFINITY;
      return undefined;
    }
    const kill = kills[0] && kills[0].at <= this.now ? kills.shift() : undefined;
    watcher.armed = kill?.point;
    try {
      watcher.options ??= await this.start(watcher);
      const { options } = watcher;
      await watchOnce(options, this.run(watcher));
      this.sampled.push(this.now);
      if (!this.store.isAway) await visitIfDue(options.log, this.terms, async () => VISIT, this.run(watcher));
      if (kill?.point === "idle") throw new Killed();
      watcher.next = this.now + this.week.every;
      return options.log.state;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      if (kill?.point !== "torn-line") this.sampled.push(this.now);
      watcher.options = undefined;
      watcher.next = this.now + (kill?.down ?? 1);
      return undefined;
    }
  }

  private async start(watcher: Watcher): Promise<WatchOptions> {
    const dies: Guillotine = (point) => {
      if (watcher.armed !== point) return false;
      watcher.armed = undefined;
      return true;
    };
    const nodes = this.terms.network.nodes.map((name) => ({ name, grpc: name, json: "" }));
    const points: VantagePoints = {
      nodes,
      node: async (grpc, layer) => this.chain.answer(Number(grpc.slice("miner-".length)), this.now, layer),
      gateway: async () => ({}),
      explorer: async () => ({}),
      dashboard: async () => ({}),
    };
    return {
      terms: this.terms,
      log: new SimmerLog(this.store.seenBy(dies), "v1.2.3+1", this.chain.genesisId),
      spool: await Spool.open(watcher.disk.seenBy(dies), () => undefined),
      watcher: watcher.plan.id,
      every: this.week.every,
      ask: (layer) => sampleNetwork(points, layer, this.run(watcher)),
      ...(this.judge && { judge: this.judge }),
    };
  }

  private run({ plan }: Watcher) {
    const { jump, skew } = plan;
    const wrong = skew + (jump && within(this.now, jump.span) ? jump.by : 0);
    const now = GENESIS + (this.now + wrong) * 1000;
    return { ...RUN, clock: { now: () => now, sleep: async () => undefined } };
  }

  /**
   * A retirement is right after a failure of the limit's length that still goes on. The network's time, by which the
   * judge counts, differs from the true time by a layer at most.
   */
  private whyNotRetire(): string | undefined {
    const { failures, layerDuration } = this.week;
    const limit = LIMIT * layerDuration;
    // The failure is over for the judge once the network has moved on, which takes a moment.
    const right = failures.some(
      ({ span: [from, to] }) => this.now - from >= limit - layerDuration && this.now < to + 3 * layerDuration,
    );
    return right ? undefined : `it had no failure of ${LIMIT} layers (${JSON.stringify(failures)})`;
  }

  /** A certificate is right when so much good time was truly watched, and nothing fails now. */
  private whyNotCertify(counted: number): string | undefined {
    const { failures, layerDuration, layersPerEpoch, every } = this.week;
    if (failures.some(({ span }) => within(this.now, span))) return "the network fails";
    const start = effectiveGenesis({ layersPerEpoch }) * layerDuration;
    let watched = 0;
    for (let i = 1; i < this.sampled.length; i++) {
      const [from, to] = [this.sampled[i - 1] as number, this.sampled[i] as number];
      if (to - from > limitOfGap(every) || from < start) continue;
      if (this.isGood(from) && this.isGood(to)) watched += to - from;
    }
    const slack = layerDuration;
    return counted > watched + slack
      ? `${Math.round(counted)} s are counted, ${Math.round(watched)} s were good and watched`
      : undefined;
  }

  /** A stall that is over before a judge may call it one is a late layer, which a good network has too. */
  private isGood(time: number): boolean {
    const late = (this.terms.thresholds.stall + 1) * this.week.layerDuration;
    const isFailing = this.week.failures.some(
      ({ kind, span }) => within(time, span) && (kind === "split" || span[1] - span[0] >= late),
    );
    return !isFailing && !this.week.blindness.some((span) => within(time, span));
  }

  private at(time = this.now): string {
    return `day ${(time / DAY).toFixed(3)}`;
  }
}
