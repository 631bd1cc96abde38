import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { METRICS_PORT } from "../../gateway/caddyfile";
import { closed, ELSEWHERE, metrics, monitoring, pods, policy, tcp } from "../policies";
import { metadata, type Placed } from "./metadata";
import { PORTS, paths } from "./names";
import type { KubernetesNetworkSpec } from "./spec";

/** Who may speak to whom in a network's namespace. Each policy but the first opens what one kind of pod needs. */
export const networkPolicies = (spec: KubernetesNetworkSpec): Placed[] =>
  [
    ...closed(),
    // Peers are at any address and port, and poets at their public names.
    policy("nodes", pods({ app: "miner" }), {
      ingress: [{ ports: tcp(PORTS.p2p, PORTS.grpc, PORTS.json) }],
      egress: [{ to: ELSEWHERE }],
    }),
    policy("poets", pods({ app: "poet" }), { ingress: [{ ports: tcp(PORTS.rest) }] }),
    policy("bootstrap", pods({ app: "bootstrap" }), {
      ingress: [{ from: [pods({ app: "miner" })], ports: tcp(PORTS.files) }],
    }),
    metrics(undefined, [PORTS.metrics, PORTS.statsMetrics, METRICS_PORT]),
    ...monitoring(),
  ].map((one) => {
    const object = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata(spec, one.name),
      spec: one.spec,
    };
    return { path: `${paths(spec.namespace).policies}/${one.name}`, object };
  });

/**
 * How many pods of a kind may be away at once while machines are drained. One node, since a network of few nodes stalls
 * without two of them. A budget counts pods that may be missing, so that it never keeps a single pod on its machine.
 */
export const disruptionBudgets = (spec: KubernetesNetworkSpec): Placed[] =>
  [
    { name: "nodes", app: "miner" },
    { name: "poets", app: "poet" },
  ].map(({ name, app }) => {
    const object: V1PodDisruptionBudget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: metadata(spec, name),
      spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
    };
    return { path: `${paths(spec.namespace).budgets}/${name}`, object };
  });
