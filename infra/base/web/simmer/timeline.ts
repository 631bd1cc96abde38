import { KINDS, type Kind, type Now, type Point, type Simmer } from "./input";
import { isLate } from "./words";

/** A time with one verdict. Times are in seconds since the effective genesis. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

/** A point of the curves. */
export interface Mark {
  /** Seconds since the effective genesis. */
  readonly at: number;
  readonly top: number;
  readonly verified?: number;
}

/** A simmer as the plots draw it: in order, from the effective genesis on, and without figures that cannot be. */
export interface Timeline {
  /** Where the plot ends: at the full days if they are to come. In seconds since the effective genesis, above 0. */
  readonly end: number;
  readonly intervals: readonly Interval[];
  /** The points of the curves, in pieces: no curve crosses a time at which nobody watched. */
  readonly pieces: readonly (readonly Mark[])[];
}

/** Times and layers above are no figures of a network: a layer a second for 30,000 years. */
const MOST = 1e12;
const isPossible = (value: number): boolean => value >= 0 && value <= MOST;

/** More points than a summary has (model/simmer-summary.ts). Of any others the latest are drawn. */
const MOST_POINTS = 500;

/** Points are a gap apart when their distance is more than this many usual ones. */
const GAP = 3;

/** @param now see {@link Now} */
export function timelineOf(simmer: Simmer, now: Now): Timeline {
  const { genesisTime, watchedAt, every, layerDuration, effectiveGenesis, verdict, since, needed, observed } = simmer;
  const genesis = Date.parse(genesisTime) / 1000;
  const start = effectiveGenesis * layerDuration;
  if (!isPossible(start)) return { end: 1, intervals: [], pieces: [] };
  const watched = Date.parse(watchedAt) / 1000 - genesis - start;
  const points = usable(simmer.points)
    .map((point) => ({ ...point, at: point.time - start }))
    .filter(({ at }) => at >= 0 && at <= watched + Math.max(0, every));

  const usual = usualDistance(points, every);
  const gap = GAP * Math.max(usual, every);
  const intervals: Interval[] = [];
  const pieces: Mark[][] = [[]];
  let before = 0;
  // A verdict holds from the point before. Across a gap nobody knows that, so it holds for the usual distance.
  const cover = (at: number, kind: Kind) => {
    const from = at - before > gap ? at - usual : before;
    if (from > before) {
      intervals.push({ from: before, to: from, kind: "unwatched" });
      pieces.push([]);
    }
    if (at > from || intervals.length === 0) intervals.push({ from, to: at, kind });
    before = at;
  };
  for (const { at, verdict, top, verified } of points) {
    cover(at, verdict);
    pieces.at(-1)?.push({ at, top, ...(verified !== undefined && { verified }) });
  }
  if (points.length > 0 && watched > before) cover(watched, verdict);
  if (points.length === 0 && watched > 0) {
    // Nobody knows what was before the present verdict.
    const began = Date.parse(since) / 1000 - genesis - start;
    intervals.push({ from: Math.max(0, Math.min(began, watched)), to: watched, kind: verdict });
  }
  const today = now === undefined ? watched : now / 1000 - genesis - start;
  const seen = Math.max(0, intervals.at(-1)?.to ?? 0);
  if (isLate(simmer, now) && today > seen) intervals.push({ from: seen, to: today, kind: "unwatched" });

  const counted = observed.healthy + observed.slow;
  const toCome = now === undefined ? 0 : Math.max(0, needed - counted);
  const last = intervals.at(-1)?.to ?? 0;
  const end = isPossible(toCome) ? last + toCome : last;
  return { end: end > 0 ? end : 1, intervals, pieces: pieces.filter((piece) => piece.length > 0) };
}

/** Possible points in the order of time, one a time: of two, the worse. */
function usable(points: readonly Point[]): Point[] {
  const sorted = points
    .filter(({ time, top }) => isPossible(time) && isPossible(top))
    .map(({ verified, ...point }) => ({
      ...point,
      ...(verified !== undefined && isPossible(verified) && { verified }),
    }))
    .sort((a, b) => a.time - b.time || rank(b.verdict) - rank(a.verdict));
  return sorted.filter((point, i) => i === 0 || point.time !== sorted[i - 1]?.time).slice(-MOST_POINTS);
}

/** The middle one of all distances, in seconds, so that a few gaps change nothing. */
function usualDistance(points: readonly { readonly at: number }[], every: number): number {
  const distances = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? 0));
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Math.max(0, every);
}

/** A watched time is worse than an unwatched one: what somebody saw must not be hidden. */
export const rank = (kind: Kind): number => (kind === "unwatched" ? -1 : KINDS.indexOf(kind));
