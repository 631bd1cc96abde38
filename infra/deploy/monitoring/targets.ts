import { METRICS_PORT } from "../gateway/caddyfile";
import type { WatchedNetwork } from "./network";

/**
 * Ports of metrics in pods: go-spacemesh's by the era, the poet's, that of the explorer's statistics API, and the tap's.
 * Prometheus reaches no others (infra/deploy/network/kubernetes/protection.ts).
 */
export const METRIC_PORTS = {
  ...{ spacecraft: 1010, kubernetes: 9216, poet: 9216, explorer: 5070, tap: 9216 },
  gateway: METRICS_PORT,
};

/** Name of the Service in front of a program's metrics. go-spacecraft calls that of a node so (k8s/sm.go). */
export const metricService = (name: string): string => `${name}-metric`;

/** A program that Prometheus asks for its metrics. */
export interface Target {
  /** What kind of program it is: the label `job`. */
  readonly job: "node" | "poet" | "gateway" | "explorer" | "tap" | "watcher";
  /** Its name in messages: the label `instance`. */
  readonly instance: string;
  /** `HOST:PORT` as the cluster's DNS knows it. */
  readonly address: string;
}

/** All programs of a network with metrics, and the watcher where somebody told its address. */
export function targetsOf({ driver, nodes, poets, hasTap, watcher }: WatchedNetwork): readonly Target[] {
  const inside = (job: Target["job"], port: number) => (name: string) => ({
    job,
    instance: name,
    address: `${metricService(name)}:${port}`,
  });
  return [
    ...nodes.map(inside("node", METRIC_PORTS[driver])),
    ...(driver === "kubernetes" ? poets.map(inside("poet", METRIC_PORTS.poet)) : []),
    inside("gateway", METRIC_PORTS.gateway)("gateway"),
    ...(driver === "kubernetes" ? [inside("explorer", METRIC_PORTS.explorer)("explorer")] : []),
    ...(hasTap ? [inside("tap", METRIC_PORTS.tap)("tap")] : []),
    ...(watcher ? [{ job: "watcher" as const, instance: "watcher", address: watcher }] : []),
  ];
}
