import type { V1PodDisruptionBudget } from "@kubernetes/client-node";
import { STEPS } from "../../../base/model/steps";
import { HTTP_PORT, METRICS_PORT, TLS_PORT } from "../../gateway/caddyfile";
import { PORTS as MONITORING_PORTS, NAMES } from "../../monitoring/prometheus";
import { metadata, type Placed } from "./metadata";
import { PORTS, paths } from "./names";
import type { KubernetesNetworkSpec } from "./spec";

/** The label by which Prometheus is known, in whatever namespace it runs (kubernetes.io, "Recommended Labels"). */
export const MONITORING = { "app.kubernetes.io/name": NAMES.prometheus };

const ALERTMANAGER = { "app.kubernetes.io/name": NAMES.alertmanager };

const GATEWAY = { "app.kubernetes.io/name": STEPS.gateway };

/** Some pods; all of the namespace without labels. Empty parts are left out, because the API server does not keep them. */
const pods = (matchLabels?: Readonly<Record<string, string>>) => ({ podSelector: matchLabels ? { matchLabels } : {} });
const tcp = (...ports: readonly number[]) => ports.map((port) => ({ port, protocol: "TCP" }));

/** The names of a cluster are looked up at addresses that differ from cluster to cluster. */
const NAME_SERVICE = ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol }));

/**
 * All addresses but those that a cloud answers at inside each machine. They hand out the machine's own credentials. The
 * last one is Amazon's.
 */
const ELSEWHERE = [
  { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
  { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::254/128"] } },
];

interface Rules {
  readonly ingress?: readonly object[];
  readonly egress?: readonly object[];
}

/**
 * Who may speak to whom in a network's namespace. The first policy closes every pod, also one that somebody adds later.
 * Each of the others opens what one kind of pod needs. They need a cluster whose network plugin heeds policies.
 */
export function networkPolicies(spec: KubernetesNetworkSpec): Placed[] {
  const policy = (name: string, selected: object, { ingress, egress }: Rules): Placed => {
    // Not typed as V1NetworkPolicy: the generated type calls the field `from` by another name.
    const object = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: metadata(spec, name),
      spec: {
        ...selected,
        policyTypes: [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])],
        ...(ingress && ingress.length > 0 && { ingress }),
        ...(egress && egress.length > 0 && { egress }),
      },
    };
    return { path: `${paths(spec.namespace).policies}/${name}`, object };
  };
  return [
    policy("default-deny", pods(), { ingress: [], egress: [] }),
    policy("inside", pods(), {
      ingress: [{ from: [pods(GATEWAY)] }],
      egress: [{ to: [pods()] }, { ports: NAME_SERVICE }],
    }),
    policy("gateway", pods(GATEWAY), {
      ingress: [{ ports: tcp(HTTP_PORT, TLS_PORT) }],
      egress: [{ to: ELSEWHERE, ports: tcp(443) }], // the authority that gives certificates
    }),
    // Peers are at any address and port, and poets at their public names.
    policy("nodes", pods({ app: "miner" }), {
      ingress: [{ ports: tcp(PORTS.p2p, PORTS.grpc, PORTS.json) }],
      egress: [{ to: ELSEWHERE }],
    }),
    policy("poets", pods({ app: "poet" }), { ingress: [{ ports: tcp(PORTS.rest) }] }),
    policy("bootstrap", pods({ app: "bootstrap" }), {
      ingress: [{ from: [pods({ app: "miner" })], ports: tcp(PORTS.files) }],
    }),
    policy("metrics", pods(), {
      ingress: [
        {
          from: [{ namespaceSelector: {}, ...pods(MONITORING) }],
          ports: tcp(PORTS.metrics, PORTS.statsMetrics, METRICS_PORT),
        },
      ],
    }),
    // Metrics may be copied to a receiver at any port; messages go to Discord. The archive asks Prometheus through the
    // API server, whose address differs from cluster to cluster. No Service makes the port public.
    policy("prometheus", pods(MONITORING), {
      ingress: [{ ports: tcp(MONITORING_PORTS.prometheus) }],
      egress: [{ to: ELSEWHERE }],
    }),
    policy("alertmanager", pods(ALERTMANAGER), {
      ingress: [{ from: [pods(MONITORING)], ports: tcp(MONITORING_PORTS.alertmanager) }],
      egress: [{ to: ELSEWHERE, ports: tcp(443) }],
    }),
  ];
}

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
