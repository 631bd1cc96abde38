import { effectiveGenesis } from "../model/network-facts";
import type { AnsweredSample } from "../model/sample";
import { isGood, type Verdict } from "../model/verdict";
import type { Apart, Memory, Progress } from "./memory";
import { type Implausible, type Plausible, plausible } from "./plausible";
import { compareRoots, type RootGroups } from "./roots";
import { type Amiss, servicesAmiss } from "./services";
import {
  clockSlack,
  type JudgedNetwork,
  type LateStart,
  lateStart,
  latestStart,
  quorumOf,
  type Thresholds,
} from "./thresholds";
import { account, limitOfGap, networkTime, type Sampling } from "./time";

/** What led to a verdict. Only what is out of order is named. */
export interface Evidence {
  /** Layer of the network's clock, if a quorum agrees on one. */
  readonly top?: number;
  /** Layer that a quorum verified. */
  readonly verified?: number;
  /** Nodes that decide, of how many. */
  readonly quorum: number;
  readonly nodes: number;
  /** How many nodes move forward, and how many stand. */
  readonly advancing: number;
  readonly standing: readonly string[];
  readonly silent: readonly string[];
  readonly implausible: Readonly<Record<string, Implausible>>;
  /** Public services that do not show the network as it is. They change no verdict. */
  readonly services?: Readonly<Record<string, Amiss>>;
  /** Nodes by state root, where they differ. */
  readonly roots?: RootGroups;
  readonly apart?: Apart;
  /** Why nothing can be judged yet. */
  readonly early?: "before the effective genesis" | "before the first block";
  /** Where blocks begin, of a network that could have verified one by now with a first beacon. */
  readonly lateStart?: LateStart;
  /** The sample tells of a time that is judged already, so it changes nothing. */
  readonly late?: true;
}

export interface Judged {
  readonly memory: Memory;
  readonly evidence: Evidence;
}

export type Judge = typeof judge;

/** Longest pace that is learned, in layers. A network that steps more seldom counts as stalled in between. */
const SLOWEST_PACE = 12;

/**
 * Judges a network after one more sample. Pure: the same samples give the same verdicts.
 *
 * - blind: fewer than a quorum answer plausibly and show the same, or it is too early to see anything.
 * - split: so many nodes have another state root at one layer that no root can have a quorum.
 * - stalled: a quorum shows that its verified layer stands, for longer than the usual pace and the threshold allow.
 * - slow: a quorum's verified layer rises, but trails the clock by more than usual.
 * - healthy: a quorum's verified layer rises with the clock.
 */
export function judge(network: JudgedNetwork, thresholds: Thresholds, before: Memory, sampling: Sampling): Judged {
  const seen = plausible(network, sampling.sample.nodes);
  const time = networkTime(network, before, sampling, seen.top);
  const facts = { quorum: quorumOf(network), nodes: network.nodes.length };
  const { top, silent, implausible } = seen;
  const { watcher, serial, sample } = sampling;
  const watchersAt = (reached: number) =>
    latest({ ...before.watchers, [watcher]: { serial, at: Date.parse(sample.at), time: reached } });
  if (time === "late") {
    const evidence: Evidence = { ...facts, advancing: 0, standing: [], silent, implausible, late: true };
    return { memory: { ...before, watchers: watchersAt((top ?? 0) * network.layerDuration) }, evidence };
  }

  const isGap = time - before.time > limitOfGap(sampling.every);
  const nodes = progressOf(network, before, seen, time, isGap);
  const verified = highestOfQuorum(
    seen.nodes.flatMap(({ node }) => nodes[node]?.verified ?? []),
    facts.quorum,
    before.verified,
  );
  const { roots, apart } = compareRoots(sampling.sample.roots, seen.nodes, facts, effectiveGenesis(network), before);

  const standing: string[] = [];
  let advancing = 0;
  for (const { node } of seen.nodes) {
    const progress = nodes[node];
    if (progress && time - progress.since < patience(network, thresholds, progress)) advancing++;
    else standing.push(node);
  }
  const early = earliness(network, top, verified);
  const late = early && top !== undefined ? lateStart(network, top) : undefined;
  const verdict = ((): Verdict => {
    if (top === undefined || early) return "blind";
    if (apart?.isSplit) return "split";
    if (standing.length >= facts.quorum) return "stalled"; // a doubt about roots hides no stall
    if (apart) return "blind";
    if (advancing < facts.quorum || verified === undefined) return "blind";
    const usual = thresholds.usualLag + thresholds.stall + clockSlack(network) - 1;
    return top - verified >= usual ? "slow" : "healthy";
  })();

  const stepped = verified !== undefined && verified > (before.verified ?? -1);
  const counted = account(network, before, { time, verdict, stepped, isGap });
  const since = verdict === before.verdict ? before.since : time;
  const isTrouble = !isGood(verdict) && !early;
  const lastTrouble = isTrouble ? { verdict, from: since, to: time } : before.lastTrouble;
  const memory: Memory = {
    ...counted,
    time,
    verdict,
    since,
    ...(lastTrouble && { lastTrouble }),
    ...(verified !== undefined && { verified }),
    nodes,
    ...(apart && { apart }),
    watchers: watchersAt(time),
  };
  const evidence: Evidence = {
    ...facts,
    ...(top !== undefined && { top }),
    ...(verified !== undefined && { verified }),
    advancing,
    standing: early ? [] : standing,
    silent,
    implausible,
    ...(roots && { roots }),
    ...(early && { early }),
    ...(late && { lateStart: late }),
    ...(apart && { apart }),
    ...servicesAmiss(network, thresholds, sample, top),
  };
  return { memory, evidence };
}

/** How far every node got. What a node says before the effective genesis is no progress. */
function progressOf(
  network: JudgedNetwork,
  before: Memory,
  seen: Plausible,
  time: number,
  isGap: boolean,
): Record<string, Progress> {
  const nodes: Record<string, Progress> = { ...before.nodes };
  for (const name of [...seen.silent, ...Object.keys(seen.implausible)]) {
    const known = nodes[name];
    if (known?.watched) nodes[name] = { ...known, watched: false };
  }
  if (seen.top === undefined) return nodes;
  for (const sample of seen.nodes) {
    const known = nodes[sample.node];
    const next = step(network, known, sample, time, isGap);
    if (next && next !== known) nodes[sample.node] = next;
  }
  return nodes;
}

function step(
  network: JudgedNetwork,
  known: Progress | undefined,
  { verifiedLayer: verified }: AnsweredSample,
  time: number,
  isGap: boolean,
): Progress | undefined {
  if (!known) {
    if (verified < effectiveGenesis(network)) return undefined;
    return { verified, since: time, pace: 1, last: 1, watched: true };
  }
  const watched = known.watched && !isGap;
  if (verified <= known.verified) return watched === known.watched ? known : { ...known, watched };
  if (!watched) return { ...known, verified, since: time, watched: true };
  const layers = Math.round((time - known.since) / network.layerDuration);
  const last = Math.min(SLOWEST_PACE, Math.max(1, layers));
  return { verified, since: time, pace: Math.min(known.last, last), last, watched: true };
}

/** How long a node may stand before it counts as standing, in seconds. */
const patience = (network: JudgedNetwork, { stall }: Thresholds, { pace }: Progress): number =>
  (pace - 1 + stall + clockSlack(network) - 1) * network.layerDuration - TOLERANCE;

/** Clocks have fractions: what lacks this much of a time, in seconds, has reached it. */
const TOLERANCE = 0.01;

/** The layer that so many nodes verified. It never falls: a node that starts again reports less than it verified. */
function highestOfQuorum(verified: readonly number[], quorum: number, before: number | undefined): number | undefined {
  const reached = [...verified].sort((a, b) => b - a)[quorum - 1];
  if (reached === undefined) return before;
  return Math.max(reached, before ?? reached);
}

function earliness(network: JudgedNetwork, top: number | undefined, verified: number | undefined): Evidence["early"] {
  if (top === undefined || verified !== undefined) return undefined;
  if (top < effectiveGenesis(network)) return "before the effective genesis";
  return top <= latestStart(network) ? "before the first block" : undefined;
}

/** The watchers that sampled last. More than these never watch one network at a time. */
const MOST_WATCHERS = 4;

function latest(watchers: Memory["watchers"]): Memory["watchers"] {
  const all = Object.entries(watchers);
  if (all.length <= MOST_WATCHERS) return watchers;
  return Object.fromEntries(all.sort(([, a], [, b]) => b.time - a.time).slice(0, MOST_WATCHERS));
}
