import { isObject, parsedObject } from "../lib/json";
import { SIMMER_VERDICTS, type Verdict } from "./verdict";

// The edge imports this file: no zod, nothing of Node.js.

/**
 * The state of a network's simmer, as its watcher keeps it at the edge under the key `simmer:`. The index and the page of
 * the network show it, also when the network is retired.
 */
export interface SimmerSummary {
  readonly schema: 1;
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** When the network was last watched, RFC 3339. */
  readonly watchedAt: string;
  /** Usual time between two summaries, in seconds. A summary that is much older tells of a dead watcher. */
  readonly every: number;
  readonly verdict: Verdict;
  /** When the verdict began, RFC 3339. */
  readonly since: string;
  /** What led to the verdict, in one sentence. */
  readonly evidence: string;
  /** Observed time by verdict, in seconds. Healthy and slow time counts for the certificate. */
  readonly observed: Readonly<Record<Verdict, number>>;
  /** Healthy or slow time that the certificate needs, in seconds. */
  readonly needed: number;
  /** Length of a day of the simmer, in seconds; 86400 when it is absent. */
  readonly day?: number;
  /** When the certificate was sealed, RFC 3339; absent without one. */
  readonly certifiedAt?: string;
  /** Start of layer 0, RFC 3339. */
  readonly genesisTime: string;
  /** Length of a layer, in seconds. */
  readonly layerDuration: number;
  /** First layer whose verification proves something. */
  readonly effectiveGenesis: number;
  /** Points of the plot, oldest first, at most {@link MOST_POINTS}. */
  readonly points: readonly SimmerPoint[];
}

/** The network at one time of its simmer. */
export interface SimmerPoint {
  /** Seconds since genesis. */
  readonly time: number;
  /** Layer of the network's clock. */
  readonly top: number;
  /** Layer that a quorum verified; absent where nobody could see it. */
  readonly verified?: number;
  /** The worst verdict since the point before. */
  readonly verdict: Verdict;
}

/** Two an hour for a week, and some more. */
export const MOST_POINTS = 400;

/** Reads a stored summary; undefined when the text is not one. Points that are not valid are left out. */
export function readSimmerSummary(stored: string): SimmerSummary | undefined {
  const value = parsedObject(stored);
  if (!value) return undefined;
  const { tag, watchedAt, every, verdict, since, evidence, observed, needed, genesisTime, layerDuration } = value;
  const { effectiveGenesis, certifiedAt, day, points } = value;
  if (!isText(tag) || !isText(evidence) || !isVerdict(verdict) || !isObject(observed)) return undefined;
  if (!isTime(watchedAt) || !isTime(since) || !isTime(genesisTime)) return undefined;
  if (!isNumber(every) || !isNumber(needed) || !isNumber(layerDuration) || !isNumber(effectiveGenesis))
    return undefined;
  const seconds = (name: Verdict) => (isNumber(observed[name]) ? observed[name] : 0);
  return {
    schema: 1,
    tag,
    watchedAt,
    every,
    verdict,
    since,
    evidence,
    observed: {
      healthy: seconds("healthy"),
      slow: seconds("slow"),
      stalled: seconds("stalled"),
      split: seconds("split"),
      blind: seconds("blind"),
    },
    needed,
    ...(isNumber(day) && { day }),
    ...(isTime(certifiedAt) && { certifiedAt }),
    genesisTime,
    layerDuration,
    effectiveGenesis,
    points: Array.isArray(points) ? points.filter(isPoint) : [],
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isTime = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));
const isVerdict = (value: unknown): value is Verdict => SIMMER_VERDICTS.some((verdict) => verdict === value);
const isPoint = (value: unknown): value is SimmerPoint =>
  isObject(value) &&
  isNumber(value.time) &&
  isNumber(value.top) &&
  (value.verified === undefined || isNumber(value.verified)) &&
  isVerdict(value.verdict);
