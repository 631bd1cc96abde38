import { effectiveGenesis } from "../base/model/network-facts";
import { MOST_POINTS, type SimmerPoint, type SimmerSummary } from "../base/model/simmer-summary";
import { SIMMER_VERDICTS, type Verdict } from "../base/model/verdict";
import type { Evidence } from "../base/verdict/judge";

import { evidenceInWords } from "../base/verdict/words";
import type { State, Terms } from "./entry";
import { neededTime } from "./progress";

/** Points of the plot over the days of the simmer, which leaves room for a longer one. */
const POINTS_PLANNED = MOST_POINTS / 2;

/** Collects the points of a plot from samples: one for each part of the simmer, with its worst verdict. */
export class Plot {
  private worst: Verdict | undefined;

  constructor(
    private readonly terms: Terms,
    private points: readonly SimmerPoint[] = [],
  ) {}

  /** Points so far, oldest first. */
  get all(): readonly SimmerPoint[] {
    return this.points;
  }

  add({ memory }: State, { top, verified }: Evidence): void {
    const { time, verdict } = memory;
    const { network } = this.terms;
    if (time < effectiveGenesis(network) * network.layerDuration) return;
    const last = this.points.at(-1);
    this.worst = worse(this.worst, verdict);
    const step = Math.max(neededTime(this.terms) / POINTS_PLANNED, 1);
    // A change of the verdict is worth a point of its own.
    if (last && time - last.time < step && (verdict === last.verdict || time === last.time)) return;
    const point = {
      time,
      top: top ?? Math.floor(time / network.layerDuration),
      ...(top !== undefined && verified !== undefined && { verified }),
      verdict: this.worst,
    };
    this.points = [...this.points, point].slice(-MOST_POINTS);
    this.worst = undefined;
  }
}

const SEVERITY: readonly Verdict[] = ["healthy", "slow", "blind", "stalled", "split"];
const worse = (one: Verdict | undefined, other: Verdict): Verdict =>
  one !== undefined && SEVERITY.indexOf(one) > SEVERITY.indexOf(other) ? one : other;

/** What the edge shows of a simmer. */
export interface Summarized {
  readonly tag: string;
  readonly terms: Terms;
  readonly state: State;
  readonly evidence: Evidence;
  /** When the network was last watched, RFC 3339. */
  readonly watchedAt: string;
  /** Time between two summaries, in seconds. */
  readonly every: number;
  readonly points: readonly SimmerPoint[];
  readonly certifiedAt?: string;
}

/** The summary of a simmer, as the edge keeps it. */
export function summaryOf(from: Summarized): SimmerSummary {
  const { tag, terms, state, evidence, watchedAt, every, points, certifiedAt } = from;
  const { network } = terms;
  const { memory } = state;
  const timeAt = (seconds: number) => new Date(network.genesisTime + seconds * 1000).toISOString();
  return {
    schema: 1,
    tag,
    watchedAt,
    every,
    verdict: memory.verdict,
    since: timeAt(memory.since),
    evidence: evidenceInWords(memory.verdict, evidence),
    observed: rounded(memory.observed),
    needed: neededTime(terms),
    day: terms.day,
    ...(certifiedAt !== undefined && { certifiedAt }),
    genesisTime: timeAt(0),
    layerDuration: network.layerDuration,
    effectiveGenesis: effectiveGenesis(network),
    points: points.map((point) => ({ ...point, time: Math.round(point.time) })),
  };
}

/** Whole seconds, rounded down: no summary says more than there was. */
const rounded = (observed: Readonly<Record<Verdict, number>>): Record<Verdict, number> => {
  const all = { ...observed };
  for (const verdict of SIMMER_VERDICTS) all[verdict] = Math.floor(observed[verdict]);
  return all;
};
