import { seconds } from "./alert";
import type { WatchedNetwork } from "./network";

/** A picture of a dashboard: curves of one expression over time. */
export interface Panel {
  readonly title: string;
  /** PromQL. */
  readonly expression: string;
  /** What names a curve, as a template of Grafana over its labels. */
  readonly legend: string;
  /** Unit of the values, as Grafana names it. */
  readonly unit: "none" | "s" | "bytes" | "reqps" | "percentunit";
}

/** Layers over which rates are taken. */
const RATE_LAYERS = 10;

/** The panels of a network's dashboard, in reading order. Those of the chain need the metrics of today's programs. */
export function panelsOf({ driver, layerDuration }: WatchedNetwork): readonly Panel[] {
  const window = seconds(RATE_LAYERS * layerDuration);
  return [...(driver === "kubernetes" ? chainPanels(window) : []), ...programPanels(window)];
}

function chainPanels(window: string): readonly Panel[] {
  const layers = (kind: string) => `spacemesh_tortoise_state_layers{kind="${kind}"}`;
  const sessions = (stage: string) =>
    ["hare", "hare4"].map((hare) => `increase(spacemesh_${hare}_session{stage="${stage}"}[${window}])`).join(" or ");
  const node = "{{instance}}";
  return [
    { title: "Verified layer", expression: layers("verified"), legend: node, unit: "none" },
    {
      title: "Layers that wait to be verified",
      expression: `${layers("last")} - ignoring (kind) ${layers("verified")}`,
      legend: node,
      unit: "none",
    },
    { title: "Applied layer", expression: "spacemesh_vm_applied_layer", legend: node, unit: "none" },
    { title: "Peers", expression: "spacemesh_p2p_total_peers", legend: node, unit: "none" },
    {
      title: `Layers with consensus, of the last ${RATE_LAYERS}`,
      expression: `sum by (instance) (${sessions("result")}) / sum by (instance) (${sessions("started")})`,
      legend: node,
      unit: "percentunit",
    },
    {
      title: "Activations of an epoch",
      expression: "max by (epoch) (spacemesh_consensus_cache_atxs)",
      legend: "epoch {{epoch}}",
      unit: "none",
    },
    {
      title: "Beacons of an epoch: more than one splits the network",
      expression: "count by (epoch) (count by (epoch, beacon) (spacemesh_beacons_beacon_calculated_weight))",
      legend: "epoch {{epoch}}",
      unit: "none",
    },
    {
      title: "Members of a poet's round",
      expression: "poet_round_members_total",
      legend: `${node} {{id}}`,
      unit: "none",
    },
    {
      title: "Leaves of a poet's round",
      expression: "poet_round_leaves_total",
      legend: `${node} {{id}}`,
      unit: "none",
    },
    {
      title: "Database of a node",
      expression: "sum by (instance) (spacemesh_database_total_size)",
      legend: node,
      unit: "bytes",
    },
    { title: "Clock, compared with peers", expression: "spacemesh_clock_peers_offset", legend: node, unit: "s" },
  ];
}

const programPanels = (window: string): readonly Panel[] => [
  { title: "Programs that answer", expression: "sum by (job) (up)", legend: "{{job}}", unit: "none" },
  {
    title: "Memory of a program",
    expression: "process_resident_memory_bytes",
    legend: "{{instance}}",
    unit: "bytes",
  },
  {
    title: "Requests at the gateway",
    expression: `sum by (code) (rate(caddy_http_request_duration_seconds_count[${window}]))`,
    legend: "{{code}}",
    unit: "reqps",
  },
  {
    title: "Alerts that fire",
    expression: 'count by (alertname) (ALERTS{alertstate="firing"})',
    legend: "{{alertname}}",
    unit: "none",
  },
];
