import { effectiveGenesis } from "../model/network-facts";
import type { NetworkSample } from "../model/sample";
import { isGood, type Verdict } from "../model/verdict";
import type { Memory } from "./memory";
import { clockSlack, type JudgedNetwork } from "./thresholds";

/** A sample, and who took it. */
export interface Sampling {
  readonly sample: NetworkSample;
  /** The watcher: one machine, whose clock goes on between two samples. */
  readonly watcher: string;
  /** Number of the sample among those of this watcher, from 1. */
  readonly serial: number;
  /** Time between two samples of this watcher, in seconds. */
  readonly every: number;
}

/** How much later than planned a sample may come, in seconds, when samples follow fast: the time limit of a call. */
const DELAY = 5;

/**
 * Time between two samples, in seconds: a quarter of a layer, so that a stall is found within the layer that shows it;
 * at least a second and at most a minute.
 */
export const samplingInterval = ({ layerDuration }: Pick<JudgedNetwork, "layerDuration">): number =>
  Math.min(60, Math.max(1, layerDuration / 4));

/** Longest time between two samples in which the network counts as watched, in seconds. */
export const limitOfGap = (every: number): number => Math.max(1.5 * every, every + DELAY);

/**
 * The time of a sample in seconds since genesis, by the network's own clock: the layer on which a quorum agrees, and
 * within the layer the watcher's clock, as far as it agrees. It never goes back. A wrong or moved clock of a watcher so
 * shifts the time by less than a layer, and two watchers count no time twice.
 * @param top layer of the network's clock; undefined when no quorum agrees on one
 * @returns `late` for a sample of a time that is judged already
 */
export function networkTime(
  network: JudgedNetwork,
  before: Memory,
  { sample, watcher, every }: Sampling,
  top: number | undefined,
): number | "late" {
  const at = Date.parse(sample.at);
  const wall = (at - network.genesisTime) / 1000;
  const own = before.watchers[watcher];
  const estimate = own && at > own.at ? own.time + (at - own.at) / 1000 : wall;
  if (top === undefined) {
    // Nobody confirms the watcher's clock, so it is believed for one interval.
    if (before.time === 0) return 0;
    return Math.min(Math.max(estimate, before.time), before.time + limitOfGap(every));
  }
  const from = top * network.layerDuration;
  const to = from + network.layerDuration;
  if (to + (clockSlack(network) - 1) * network.layerDuration < before.time) return "late";
  return Math.max(before.time, Math.min(Math.max(estimate, from), to));
}

type Counted = Pick<Memory, "observed" | "unwatched" | "pending" | "trouble">;

/**
 * Counts the time since the sample before, from the effective genesis on. It counts as the worse of the verdicts at its
 * two ends. Good time is pending until the quorum's next step forward: the time before a stall is found is no good time.
 */
export function account(
  network: JudgedNetwork,
  before: Memory,
  now: { readonly time: number; readonly verdict: Verdict; readonly stepped: boolean; readonly isGap: boolean },
): Counted {
  const { observed, unwatched, pending, trouble } = before;
  const { time, verdict, stepped, isGap } = now;
  const wasGood = isGood(before.verdict);
  const start = effectiveGenesis(network) * network.layerDuration;
  const seconds = before.time === 0 ? 0 : Math.max(0, time - Math.max(before.time, start));
  const watched = isGap ? 0 : seconds;
  const gap = unwatched + (isGap ? seconds : 0);
  const plus = (...more: readonly [Verdict, number][]) => {
    const sum = { ...observed };
    for (const [name, added] of more) sum[name] += added;
    return sum;
  };
  if (verdict === "blind") return { observed: plus(["blind", watched]), unwatched: gap, pending, trouble };
  if (!isGood(verdict)) {
    const all = watched + pending;
    return { observed: plus([verdict, all]), unwatched: gap, pending: 0, trouble: trouble + watched };
  }
  const own = wasGood ? watched : 0;
  const others: [Verdict, number] = [before.verdict, wasGood ? 0 : watched];
  if (!stepped) return { observed: plus(others), unwatched: gap, pending: pending + own, trouble: 0 };
  return { observed: plus([verdict, own + pending], others), unwatched: gap, pending: 0, trouble: 0 };
}
