import { STEPS } from "../../base/model/steps";
import { HTTP_PORT, TLS_PORT } from "../gateway/caddyfile";
import { NAMES, PORTS } from "../monitoring/prometheus";

/** Labels of pods, all of which a pod has. */
type Labels = Readonly<Record<string, string>>;

interface Selected {
  readonly podSelector: { readonly matchLabels?: Labels };
}

/** Pods of the namespace, or with its selector of any namespace; or addresses. */
interface Peer extends Partial<Selected> {
  readonly namespaceSelector?: object;
  readonly ipBlock?: { readonly cidr: string; readonly except: string[] };
}

/** Who is spoken to, and at which ports; everybody, or at every port, without them. */
interface Rule {
  readonly from?: Peer[];
  readonly to?: Peer[];
  readonly ports?: { readonly port: number; readonly protocol: string }[];
}

interface Rules {
  readonly ingress?: Rule[];
  readonly egress?: Rule[];
}

/** A network policy. Its form is written down here: the generated V1NetworkPolicy calls the field `from` by another name. */
export interface Policy {
  readonly name: string;
  readonly spec: Selected & Rules & { readonly policyTypes: string[] };
}

/** The label by which Prometheus is known, in whatever namespace it runs (kubernetes.io, "Recommended Labels"). */
const MONITORING = { "app.kubernetes.io/name": NAMES.prometheus };

const ALERTMANAGER = { "app.kubernetes.io/name": NAMES.alertmanager };

export const GATEWAY = { "app.kubernetes.io/name": STEPS.gateway };

/** Some pods; all of the namespace without labels. Empty parts are left out, because the API server does not keep them. */
export const pods = (matchLabels?: Labels): Selected => ({ podSelector: matchLabels ? { matchLabels } : {} });

export const tcp = (...ports: readonly number[]) => ports.map((port) => ({ port, protocol: "TCP" }));

/** The names of a cluster are looked up at addresses that differ from cluster to cluster. */
const NAME_SERVICE = ["UDP", "TCP"].map((protocol) => ({ port: 53, protocol }));

/**
 * All addresses but those that a cloud answers at inside each machine. They hand out the machine's own credentials. The
 * last one is Amazon's.
 */
export const ELSEWHERE = [
  { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
  { ipBlock: { cidr: "::/0", except: ["fe80::/10", "fd00:ec2::254/128"] } },
];

/** A policy for some pods. A direction without rules is closed; one that is not given stays as others leave it. */
export const policy = (name: string, selected: Selected, { ingress, egress }: Rules): Policy => ({
  name,
  spec: {
    ...selected,
    policyTypes: [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])],
    ...(ingress && ingress.length > 0 && { ingress }),
    ...(egress && egress.length > 0 && { egress }),
  },
});

/**
 * What networks of both drivers have: the first policy closes pods, also one that somebody adds later. The others open
 * what the gateway needs, and who asks for names. They need a cluster whose network plugin heeds policies.
 * @param ours the pods that are closed; every pod of the namespace without labels
 */
export const closed = (ours?: Labels): Policy[] => [
  policy("default-deny", pods(ours), { ingress: [], egress: [] }),
  policy("inside", pods(ours), {
    ingress: [{ from: [pods(GATEWAY)] }],
    egress: [{ to: [pods()] }, { ports: NAME_SERVICE }],
  }),
  policy("gateway", pods(GATEWAY), {
    ingress: [{ ports: tcp(HTTP_PORT, TLS_PORT) }],
  }),
];

/**
 * Lets Prometheus read metrics, wherever it runs.
 * @param watched the pods that have some; every pod of the namespace without labels
 */
export const metrics = (watched: Labels | undefined, ports: readonly number[]): Policy =>
  policy("metrics", pods(watched), {
    ingress: [{ from: [{ namespaceSelector: {}, ...pods(MONITORING) }], ports: tcp(...ports) }],
  });

/**
 * For the network's own Prometheus and Alertmanager. Metrics may be copied to a receiver at any port; messages go to
 * Discord. The archive asks Prometheus through the API server, whose address differs from cluster to cluster. No Service
 * makes the port public.
 */
export const monitoring = (): Policy[] => [
  policy("prometheus", pods(MONITORING), {
    ingress: [{ ports: tcp(PORTS.prometheus) }],
    egress: [{ to: ELSEWHERE }],
  }),
  policy("alertmanager", pods(ALERTMANAGER), {
    ingress: [{ from: [pods(MONITORING)], ports: tcp(PORTS.alertmanager) }],
    egress: [{ to: ELSEWHERE, ports: tcp(443) }],
  }),
];
