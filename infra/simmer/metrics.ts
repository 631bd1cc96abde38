import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { SIMMER_VERDICTS, type Verdict } from "../base/model/verdict";
import type { Board, Watched } from "./board";
import { neededTime } from "./progress";

/** A metric of each network. Without a value the network is left out. */
type Metric = {
  readonly name: string;
  readonly help: string;
  /** A counter only rises. */
  readonly kind: "gauge" | "counter";
} & (
  | { readonly value: (watched: Watched) => number | undefined }
  | { readonly byVerdict: (watched: Watched) => Readonly<Record<Verdict, number>> | undefined }
);

/** What the log tells; undefined until it was read. */
const state = ({ watcher }: Watched) => (watcher.options.log.last ? watcher.options.log.state : undefined);

const NONE = { healthy: 0, slow: 0, stalled: 0, split: 0, blind: 0 };

/** Names follow https://prometheus.io/docs/practices/naming/; dashboards and alerts depend on them. */
export const METRICS: readonly Metric[] = [
  {
    name: "smeshnet_simmer_verdict",
    help: "Verdict of the network: 1 for the present one, 0 for the others.",
    kind: "gauge",
    byVerdict: (watched) => {
      const present = state(watched)?.memory.verdict;
      return present && { ...NONE, [present]: 1 };
    },
  },
  {
    name: "smeshnet_simmer_observed_seconds_total",
    help: "Observed time by verdict, of all watchers together.",
    kind: "counter",
    byVerdict: (watched) => state(watched)?.memory.observed,
  },
  {
    name: "smeshnet_simmer_needed_seconds",
    help: "Healthy and slow time that the certificate needs.",
    kind: "gauge",
    value: ({ watcher }) => neededTime(watcher.options.terms),
  },
  {
    name: "smeshnet_simmer_top_layer",
    help: "Layer of the network's clock; absent while no quorum agrees on one.",
    kind: "gauge",
    value: ({ watcher }) => watcher.evidence?.top,
  },
  {
    name: "smeshnet_simmer_verified_layer",
    help: "Layer that a quorum of the nodes verified; absent before the first.",
    kind: "gauge",
    value: (watched) => state(watched)?.memory.verified,
  },
  {
    name: "smeshnet_simmer_samples_total",
    help: "Samples that this watcher took since it started.",
    kind: "counter",
    value: ({ samples }) => samples,
  },
  {
    name: "smeshnet_simmer_waiting_samples",
    help: "Samples of this watcher that wait for the store.",
    kind: "gauge",
    value: ({ watcher }) => watcher.waiting,
  },
  {
    name: "smeshnet_simmer_last_sample_timestamp_seconds",
    help: "Time of this watcher's last sample, by its own clock.",
    kind: "gauge",
    value: ({ sampledAt }) => (sampledAt === undefined ? undefined : sampledAt / 1000),
  },
  {
    name: "smeshnet_simmer_last_entry_number",
    help: "Number of the last entry of the network's log that this watcher knows.",
    kind: "gauge",
    value: ({ watcher }) => watcher.options.log.last?.entry.number,
  },
];

/** The metrics of all that is watched when somebody asks, and those of this process. */
export function metricsOf(board: Board): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of METRICS) {
    const { name, help } = metric;
    const labelNames = "byVerdict" in metric ? ["network", "verdict"] : ["network"];
    const common = { name, help, labelNames, registers: [registry] };
    if (metric.kind === "gauge")
      new Gauge({
        ...common,
        collect() {
          this.reset(); // a network that was let go disappears
          for (const { labels, value } of valuesOf(metric, board)) this.set(labels, value);
        },
      });
    else
      new Counter({
        ...common,
        collect() {
          this.reset();
          for (const { labels, value } of valuesOf(metric, board)) this.inc(labels, value);
        },
      });
  }
  return registry;
}

interface Value {
  readonly labels: Record<string, string>;
  readonly value: number;
}

function valuesOf(metric: Metric, { all }: Board): Value[] {
  return all.flatMap((watched): Value[] => {
    const { tag: network } = watched.watcher.options;
    if ("value" in metric) {
      const value = metric.value(watched);
      return value === undefined ? [] : [{ labels: { network }, value }];
    }
    const values = metric.byVerdict(watched);
    return values ? SIMMER_VERDICTS.map((verdict) => ({ labels: { network, verdict }, value: values[verdict] })) : [];
  });
}
