import { scrapePause, type WatchedNetwork } from "./network";

/** Days for which Prometheus keeps metrics: the week of a simmer, and another one to look back. */
export const KEPT_DAYS = 15;

/** A metric whose series tell how a network did. */
export interface MainSeries {
  /** Its name in Prometheus. */
  readonly metric: string;
  /** Which of its series, as a matcher of PromQL; all without one. */
  readonly matcher?: string;
  /** What they show, as a phrase. */
  readonly shows: string;
}

/**
 * What an archive keeps of a network's metrics. The alerts and the dashboards ask for no others, so both work on an
 * archive that is loaded again. Networks of the driver `spacecraft` have the general ones only.
 */
export const MAIN_SERIES: readonly MainSeries[] = [
  { metric: "up", shows: "which programs answered" },
  { metric: "ALERTS", matcher: 'alertstate="firing"', shows: "which alerts fired" },
  { metric: "process_start_time_seconds", shows: "when a program started" },
  { metric: "process_resident_memory_bytes", shows: "memory of a program" },
  {
    metric: "spacemesh_tortoise_state_layers",
    matcher: 'kind=~"last|verified"',
    shows: "last and verified layer of a node",
  },
  { metric: "spacemesh_tortoise_mode", shows: "whether a node counts all votes again" },
  { metric: "spacemesh_vm_applied_layer", shows: "applied layer of a node" },
  { metric: "spacemesh_p2p_total_peers", shows: "peers of a node" },
  { metric: "spacemesh_clock_peers_offset", shows: "seconds between a node's clock and its peers'" },
  { metric: "spacemesh_hare_session", matcher: 'stage=~"started|result"', shows: "layers with consensus, hare 3" },
  { metric: "spacemesh_hare4_session", matcher: 'stage=~"started|result"', shows: "layers with consensus, hare 4" },
  { metric: "spacemesh_consensus_cache_atxs", shows: "activations of an epoch" },
  { metric: "spacemesh_beacons_beacon_calculated_weight", shows: "beacons of an epoch" },
  {
    metric: "spacemesh_activation_publish_window_seconds_count",
    matcher: 'condition="late"',
    shows: "proofs of storage that were late",
  },
  { metric: "spacemesh_database_total_size", shows: "size of a node's database, in bytes" },
  { metric: "poet_round_members_total", shows: "members of a poet's round" },
  { metric: "poet_round_leaves_total", shows: "progress of a poet's round" },
  { metric: "caddy_http_request_duration_seconds_count", shows: "requests at the gateway, by their answers" },
  { metric: "smeshnet_tap_balance_smidge", shows: "balance of the tap's account" },
  { metric: "smeshnet_tap_budget_smidge", shows: "the tap's budget of a day" },
  { metric: "smeshnet_tap_budget_left_smidge", shows: "what the tap may still promise on the day" },
  { metric: "smeshnet_simmer_last_sample_timestamp_seconds", shows: "when the watcher took its last sample" },
];

/** The series of a metric, in PromQL. */
export const selectorOf = ({ metric, matcher }: MainSeries): string =>
  matcher === undefined ? metric : `${metric}{${matcher}}`;

/** Points of a series, at most. Of a week that is one in 202 s; a layer of the main network takes 300 s. */
const MOST_POINTS = 3000;

/** Time before genesis from which metrics are of interest, in seconds. */
const BEFORE_GENESIS = 3600;

/** Points in time, in seconds since 1970. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The points in time at which a network's series are kept. @param now in seconds since 1970 */
export function lifeWindow(network: Pick<WatchedNetwork, "genesis" | "layerDuration">, now: number): Window {
  const end = Math.floor(now);
  const kept = end - KEPT_DAYS * 86_400;
  const start = Math.min(end, Math.max(network.genesis - BEFORE_GENESIS, kept));
  return { start, end, step: Math.max(scrapePause(network), Math.ceil((end - start) / MOST_POINTS)) };
}
