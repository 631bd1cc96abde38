import type { V1Container } from "@kubernetes/client-node";
import { harmless, NOBODY, resources } from "../../../base/model/pods";

/** What the statistics API is told of its network. */
export interface StatsInput {
  /** Image with tag or digest, `spacemeshos/explorer-stats-api:v2.1.0`. */
  readonly image: string;
  /** RFC 3339, as the node's config has it. */
  readonly genesisTime: string;
  /** In seconds. */
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  /** Labels in a unit of storage, `post.post-labels-per-unit`. */
  readonly labelsPerUnit: number;
  /** Prefix of addresses, `stest`. */
  readonly hrp: string;
}

/** Name of the container. */
export const STATISTICS = "stats";

/** Port of the statistics API. The Service `explorer-api` leads there (components/version/around-today.ts). */
export const STATISTICS_PORT = 5000;

/** Where the pod's volume `data`, the data folder of its node, is mounted. */
const DATA = "/data";

/**
 * Longest time that an answer is kept, in seconds. The program keeps most answers for ever unless it is told otherwise
 * (explorer-backend api/cache/cache.go), because its makers refresh them by its second port.
 */
const LONGEST_CACHE = 300;

/**
 * The explorer's statistics API as a container beside a node (explorer-backend v2.1 cmd/api/main.go). It opens the node's
 * database as a file, so it shares the node's volume, and so it needs no Service of the node.
 *
 * It is another user than the node, and cannot write: a fault in it cannot harm the node. It can read all the same, because the node makes
 * `state.sql` and its WAL files readable for everybody (SQLite's default, 0644), and SQLite reads a database in WAL mode
 * without writing while the writer has it open.
 *
 * The program ends when there is no file yet. Two ends at once make kubelet wait, and the log of the first is lost.
 * The archive would tell that of every network. So a shell waits for the file; the image, of Alpine, has one
 * (explorer-backend Dockerfile).
 */
export const statsContainer = (input: StatsInput): V1Container => ({
  name: STATISTICS,
  image: input.image,
  command: ["/bin/sh", "-c"],
  args: ['until [ -e "$SPACEMESH_SQLITE" ]; do sleep 1; done; exec /bin/explorer-stats-api'],
  env: Object.entries(environmentOf(input)).map(([name, value]) => ({ name, value })),
  ports: [
    { name: "stats", containerPort: STATISTICS_PORT },
    { name: "stats-metrics", containerPort: 5070 },
  ],
  // It has no path for health. The overview comes from the database.
  readinessProbe: { httpGet: { path: "/overview", port: STATISTICS_PORT }, periodSeconds: 5, timeoutSeconds: 5 },
  volumeMounts: [{ name: "data", mountPath: DATA, readOnly: true }],
  resources: resources({ cpu: "50m", memory: "64Mi" }, { cpu: "500m", memory: "512Mi" }),
  securityContext: { ...harmless().securityContext, runAsNonRoot: true, runAsUser: NOBODY, runAsGroup: NOBODY },
});

function environmentOf({ genesisTime, layerDuration, layersPerEpoch, labelsPerUnit, hrp }: StatsInput) {
  const cache = `${Math.min(layerDuration, LONGEST_CACHE)}s`;
  return {
    SPACEMESH_SQLITE: `${DATA}/state.sql`,
    SPACEMESH_GENESIS_TIME: genesisTime,
    SPACEMESH_LAYER_DURATION: `${layerDuration}s`,
    SPACEMESH_LAYERS_PER_EPOCH: `${layersPerEpoch}`,
    SPACEMESH_LABELS_PER_UNIT: `${labelsPerUnit}`,
    SPACEMESH_API_LISTEN: `:${STATISTICS_PORT}`,
    // Whoever calls this port makes the program read the whole database. Nobody outside the pod does.
    SPACEMESH_REFRESH_API_LISTEN: "127.0.0.1:5050",
    SPACEMESH_METRICS_PORT: ":5070",
    SPACEMESH_CACHE_TTL: cache,
    SPACEMESH_SHORT_CACHE_TTL: cache,
    // The program knows the prefixes sm and stest only.
    ...(hrp === "stest" && { SPACEMESH_TESTNET: "true" }),
  };
}
