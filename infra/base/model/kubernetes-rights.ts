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
}

const rights = (scope: Right["scope"], group: string, resource: string, verbs: string, without?: string): Right[] =>
  verbs.split(" ").map((verb) => ({ scope, group, resource, verb, ...(without === undefined ? {} : { without }) }));

/** Verbs for objects that we make. The engine watches what it makes, and server-side apply is a `patch`. */
const OWN = "get list watch create patch delete";

/** The rights without which no network can be made, watched and removed. */
const NEEDED: readonly Right[] = [
  ...rights("cluster", "", "namespaces", "get list create patch delete"),
  ...["configmaps", "secrets", "services", "persistentvolumeclaims"].flatMap((kind) =>
    rights("namespace", "", kind, OWN),
  ),
  ...rights("namespace", "apps", "deployments", OWN),
  // The engine's wait for a Deployment watches them too (pulumi-kubernetes, pkg/await/deployment.go).
  ...rights("namespace", "apps", "replicasets", "get list watch"),
  ...rights("namespace", "", "pods", "get list watch"),
  ...rights("namespace", "", "pods/log", "get"),
  ...rights("namespace", "", "events", "list"),
];

const ROOM = "the resources of the cluster are not known";

/** Rights that only make what we know more complete. */
const WISHED: readonly Right[] = [
  ...rights("cluster", "", "nodes", "list", `${ROOM}, nor the addresses of its machines`),
  ...rights("cluster", "", "pods", "list", ROOM),
  ...rights("cluster", "", "nodes/proxy", "get", "the archive cannot tell whether the kubelet dropped log lines"),
  ...rights("cluster", "storage.k8s.io", "storageclasses", "list", "a missing StorageClass shows only when pods wait"),
];

/**
 * All rights of an account that deploys, archives and retires networks in a cluster. `packaging/kubernetes/rights.yaml`
 * gives exactly these, and `smeshnet doctor` asks for each of them.
 */
export const RIGHTS: readonly Right[] = [...NEEDED, ...WISHED];
