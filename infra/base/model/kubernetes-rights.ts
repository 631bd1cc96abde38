import type { KubernetesSpec } from "./network-spec";

/** What the driver `kubernetes` does in a cluster, in RBAC's words. */
export interface Right {
  /** API group; empty for the core. */
  readonly group: string;
  /** With its subresource after a slash, as a rule of RBAC writes it: `pods/log`. */
  readonly resource: string;
  readonly verb: string;
  /** Whether it counts in the namespace of a network, or in the whole cluster. */
  readonly scope: "namespace" | "cluster";
  /** What is lost without it, a phrase; absent where a network cannot live without it. */
  readonly without?: string;
  /** The value of the setting `exposure` with which a network cannot live without it either. */
  readonly neededWith?: "nodePort";
}

const rights = (
  scope: Right["scope"],
  group: string,
  resource: string,
  verbs: string,
  wish: Pick<Right, "without" | "neededWith"> = {},
): Right[] => verbs.split(" ").map((verb) => ({ scope, group, resource, verb, ...wish }));

/** Verbs for objects that the engine makes: it watches them, and server-side apply is a `patch`. */
const OWN = "get list watch create patch delete";

/** The rights without which no network can be made, watched and removed. */
const NEEDED: readonly Right[] = [
  // The namespace kube-system is read too: its uid stands for the cluster.
  ...rights("cluster", "", "namespaces", "get create"),
  ...rights("namespace", "", "namespaces", "patch delete"),
  ...["configmaps", "services", "persistentvolumeclaims"].flatMap((kind) => rights("namespace", "", kind, OWN)),
  ...rights("namespace", "apps", "deployments", OWN),
  // Made once by the driver, read by every rerun, and removed with the namespace. That of TLS is applied.
  ...rights("namespace", "", "secrets", "get create patch"),
  // An object that does not exist yet is applied with both (kubernetes.io, "Server-Side Apply").
  ...rights("namespace", "networking.k8s.io", "networkpolicies", "create patch"),
  ...rights("namespace", "policy", "poddisruptionbudgets", OWN), // the driver's, and the gateway's
  // The engine's wait for a Deployment watches them too (pulumi-kubernetes, pkg/await/deployment.go).
  ...rights("namespace", "apps", "replicasets", "get list watch"),
  ...rights("namespace", "", "pods", "get list watch"),
  ...rights("namespace", "", "pods/log", "get"),
  // The same wait watches them, and the archive keeps them.
  ...rights("namespace", "", "events", "list watch"),
];

const ROOM = "the resources of the cluster are not known";

/** Rights that only make what we know more complete. */
const WISHED: readonly Right[] = [
  ...rights("cluster", "", "namespaces", "list", { without: "networks that no stack knows are not found" }),
  ...rights("cluster", "", "nodes", "list", {
    without: `${ROOM}, nor the addresses of its machines`,
    neededWith: "nodePort",
  }),
  ...rights("cluster", "", "pods", "list", { without: ROOM }),
  ...rights("namespace", "", "resourcequotas", "list", {
    without: "a quota that is too small shows only when pods wait",
  }),
  ...rights("cluster", "", "nodes/proxy", "get", {
    without: "the archive cannot tell whether the kubelet dropped log lines",
  }),
  ...rights("cluster", "storage.k8s.io", "storageclasses", "list", {
    without: "a missing StorageClass shows only when pods wait",
  }),
  ...rights("cluster", "scheduling.k8s.io", "priorityclasses", "get", {
    without: "a missing PriorityClass shows only when no pod is made",
  }),
];

/**
 * All rights of an account that deploys, archives and retires networks in a cluster, whatever the settings. `packaging/kubernetes/rights.yaml`
 * gives exactly these, and `smeshnet doctor` asks for each of them.
 */
export const RIGHTS: readonly Right[] = [...NEEDED, ...WISHED];

/**
 * What the setting `exposure` with the value `none` needs too: nodes and poets are asked through the API server, which
 * takes a GET for `get` and a POST for `create`. `packaging/kubernetes/rights-none.yaml` gives exactly these.
 */
export const RIGHTS_OF_NONE: readonly Right[] = rights("namespace", "", "services/proxy", "get create");

/** The rights that an account needs or may wish for, by the setting `exposure`. */
export const rightsWith = (exposure: KubernetesSpec["exposure"]): readonly Right[] =>
  exposure === "none" ? [...RIGHTS, ...RIGHTS_OF_NONE] : RIGHTS;
