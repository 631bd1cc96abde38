/** Names, labels and paths of a network's objects. */

/** Annotation that names the owner of a namespace and of what is in it; a label may not hold the plus sign. */
export const OWNER = "smeshnet/build-tag";
/** Annotation of a namespace whose network was complete once: then nothing of it is ever made anew. */
export const COMPLETED = "smeshnet/completed";
/** Label by which our namespaces are found. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "smeshnet" };

/**
 * The version of Kubernetes whose rules count for pods: the one that the tests run. A cluster's next version then refuses
 * nothing that the one before took. An older cluster goes by the newest rules that it knows.
 */
const RULES_OF = "v1.36";

/**
 * Labels of a namespace that we make. The API server then refuses every pod that does not meet Kubernetes' profile
 * `restricted`, whoever makes it. Nothing compares them: a network that was made before has none, and stays as it is.
 */
export const RESTRICTED: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "warn", "audit"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, RULES_OF],
  ]),
);

/** ConfigMap and Secret that hold what is made once: config, genesis time and keys. */
export const MADE_CONFIG = "network";
export const MADE_KEYS = "network-keys";

/** The key in that ConfigMap with the address of the tap's account, where there is a tap. */
export const TAP_ADDRESS = "tap-address";

/** The file that gives the beacon of epoch 2 (go-spacemesh bootstrap/updater.go). */
export const BEACON_FILE = "epoch-2-update-bc";

/** Name of a node's own container, which the last pod has others beside. */
export const MINER = "miner";

/** Ports in the pods. The API's are the node's own default and its neighbour (go-spacemesh api/grpcserver/config.go). */
export const PORTS = {
  p2p: 7513,
  grpc: 9092,
  json: 9095,
  metrics: 9216,
  rest: 5000,
  files: 8080,
  stats: 5000,
  statsMetrics: 5070,
};

export const minerName = (number: number): string => `miner-${number}`;
export const poetName = (number: number): string => `poet-${number}`;
export const BOOTSTRAP = "bootstrap";

export const range1 = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Paths of the API server. */
export const paths = (namespace: string) => {
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    namespaces: "/api/v1/namespaces",
    namespace: core,
    configMaps: `${core}/configmaps`,
    secrets: `${core}/secrets`,
    services: `${core}/services`,
    claims: `${core}/persistentvolumeclaims`,
    pods: `${core}/pods`,
    quotas: `${core}/resourcequotas`,
    deployments: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    budgets: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    policies: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
  };
};
