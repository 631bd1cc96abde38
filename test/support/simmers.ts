import type { SimmerPoint, SimmerSummary } from "../../infra/base/model/simmer-summary";
import type { Verdict } from "../../infra/base/model/verdict";

const GENESIS = Date.parse("2026-11-24T21:07:00Z");
const LAYER = 300;
const EFFECTIVE_GENESIS = 576;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Time between two points, in seconds. */
const STEP = HOUR / 2;

/** A trouble of a played simmer, in hours since the effective genesis. `unwatched` leaves points out. */
export interface Trouble {
  readonly from: number;
  readonly to: number;
  readonly kind: Verdict | "unwatched";
}

/**
 * A simmer of a network with layers of 300 s, as its watcher sums it up: two points an hour, the verified layer one or
 * two behind. In a stall it stops, in blindness nobody sees it.
 * @param hours since the effective genesis
 */
export function simmerAfter(
  hours: number,
  troubles: readonly Trouble[] = [],
  fields: Partial<SimmerSummary> = {},
): SimmerSummary {
  const points: SimmerPoint[] = [];
  const observed = { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 };
  let stalledAt: number | undefined;
  let verdict: Verdict = "healthy";
  for (let at = STEP; at <= hours * HOUR; at += STEP) {
    const kind = troubles.find(({ from, to }) => at > from * HOUR && at <= to * HOUR)?.kind ?? "healthy";
    if (kind === "unwatched") continue;
    verdict = kind;
    observed[kind] += STEP;
    const top = EFFECTIVE_GENESIS + Math.floor(at / LAYER);
    stalledAt = kind === "stalled" ? (stalledAt ?? top - 2) : undefined;
    const lag = kind === "slow" ? 4 + ((at / STEP) % 3) : 1 + ((at / STEP) % 5 === 0 ? 1 : 0);
    const verified = stalledAt ?? top - lag;
    const time = EFFECTIVE_GENESIS * LAYER + at;
    points.push({ time, top, ...(kind !== "blind" && { verified }), verdict: kind });
  }
  const watched = GENESIS + (EFFECTIVE_GENESIS * LAYER + hours * HOUR) * 1000;
  return {
    schema: 1,
    tag: "v1.2.3+1",
    watchedAt: new Date(watched).toISOString(),
    every: 60,
    verdict,
    since: new Date(GENESIS + EFFECTIVE_GENESIS * LAYER * 1000).toISOString(),
    evidence: "25 of 25 nodes verified a new layer within two layers.",
    observed,
    needed: 7 * DAY,
    genesisTime: new Date(GENESIS).toISOString(),
    layerDuration: LAYER,
    effectiveGenesis: EFFECTIVE_GENESIS,
    points,
    ...fields,
  };
}
