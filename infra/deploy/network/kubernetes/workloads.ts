import type { V1Container, V1Deployment, V1PodSpec } from "@kubernetes/client-node";
import { parsedObject } from "../../../base/lib/json";
import {
  CADDY_CAPABILITIES,
  CADDY_IMAGE,
  folder,
  harmless,
  KEY_OWNER,
  NOBODY,
  resources,
  runsAs,
  SCRATCH_MOUNT,
  scratch,
} from "../../../base/model/pods";
import type { Made } from "./made";
import { type Component, metadata, type Placed, podLabels } from "./metadata";
import { BEACON_FILE, MADE_CONFIG, MADE_KEYS, MINER, minerName, PORTS, paths, poetName } from "./names";
import { poetArguments } from "./node-config";
import { postSizes } from "./post";
import type { KubernetesNetworkSpec } from "./spec";
import { statsContainer } from "./stats-container";

/** Seconds that a node gets to end; 3 to 5 are usual, 30 the most (go-spacemesh node/node.go). */
const NODE_GRACE = 40;

/**
 * Room for a node's temporary files: its lock (go-spacemesh config/config.go), what OpenCL compiles, and what SQLite
 * sorts. A node that writes more is ended, so that there is much more room than a node was seen to take.
 */
const NODE_SCRATCH = "1Gi";

/** A Deployment of one pod, which never runs twice: two of them would write one disk. */
export function deployment(
  spec: KubernetesNetworkSpec,
  name: string,
  component: Component,
  pod: V1PodSpec,
): Placed & { readonly object: V1Deployment } {
  const { priorityClass } = spec.kubernetes;
  const object: V1Deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(spec, name, component),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels: { ...metadata(spec, name, component).labels, ...podLabels(name) } },
        spec: { ...pod, enableServiceLinks: false, ...(priorityClass && { priorityClassName: priorityClass }) },
      },
    },
  };
  return { path: `${paths(spec.namespace).deployments}/${name}`, object };
}

/**
 * A managed node. Its two keys are copied to its disk, since the folder of the first must be writable. It ends itself
 * when something is wrong, so that there is no liveness probe; ready means that its API answers, and nothing more.
 */
export function minerPod(made: Made, number: number): V1PodSpec {
  const { spec } = made;
  const name = minerName(number);
  const { images } = spec;
  const data = { name: "data", mountPath: "/data" };
  const hasStatistics = number === spec.miners;
  return {
    terminationGracePeriodSeconds: NODE_GRACE,
    ...runsAs(KEY_OWNER), // the image would run as root
    dnsConfig: RESOLVER,
    initContainers: [
      {
        name: "keys",
        image: images.node,
        command: ["sh", "-c", keyScript(number)],
        volumeMounts: [data, { name: "keys", mountPath: "/keys", readOnly: true }],
        resources: resources({ cpu: "10m", memory: "16Mi" }, { cpu: "100m", memory: "64Mi" }),
        ...harmless(),
      },
    ],
    containers: [
      {
        name: MINER,
        image: images.node,
        command: ["/bin/go-spacemesh"],
        args: nodeArguments(spec, number),
        ports: [
          { name: "p2p", containerPort: PORTS.p2p },
          { name: "grpc", containerPort: PORTS.grpc },
          { name: "json", containerPort: PORTS.json },
          { name: "metrics", containerPort: PORTS.metrics },
        ],
        startupProbe: { tcpSocket: { port: PORTS.grpc }, periodSeconds: 5, failureThreshold: 24 },
        readinessProbe: {
          httpGet: { path: "/spacemesh.v2beta1.NodeService/Status", port: PORTS.json },
          periodSeconds: 5,
          timeoutSeconds: 5,
        },
        env: [{ name: "HOME", value: SCRATCH_MOUNT.mountPath }],
        volumeMounts: [data, { name: "config", mountPath: "/etc/spacemesh", readOnly: true }, SCRATCH_MOUNT],
        ...sized(spec, "node", [NODE_SCRATCH]),
        ...harmless(),
      },
      ...(hasStatistics ? [statistics(made)] : []),
    ],
    volumes: [
      disk(spec, name, "node"),
      scratch(NODE_SCRATCH),
      { name: "config", configMap: { name: MADE_CONFIG, items: [{ key: "config.json", path: "config.json" }] } },
      {
        name: "keys",
        secret: {
          secretName: MADE_KEYS,
          defaultMode: 0o400,
          items: [`p2p-${number}.key`, `local-${number}.key`].map((key) => ({ key, path: key })),
        },
      },
    ],
  };
}

/** The explorer's statistics read the database of the last node, which usually does not smesh. */
const statistics = ({ spec, genesisTime, config }: Made): V1Container =>
  statsContainer({
    image: spec.kubernetes.statsImage,
    genesisTime,
    layerDuration: spec.layerDuration,
    layersPerEpoch: spec.layersPerEpoch,
    labelsPerUnit: postSizes(spec.kubernetes.preset, parsedObject(config) ?? {}).labelsPerUnit,
    hrp: spec.kubernetes.hrp,
  });

/** Copies a key unless it is there; a copy that was broken off has another name. */
function keyScript(number: number): string {
  const copies = [
    [`p2p-${number}.key`, "/data/p2p", "p2p.key"],
    [`local-${number}.key`, "/data/identities", "local.key"],
  ].map(
    ([from, folder, to]) =>
      `mkdir -p ${folder}; [ -e ${folder}/${to} ] || ` +
      `{ cp /keys/${from} ${folder}/.new; chmod 600 ${folder}/.new; mv ${folder}/.new ${folder}/${to}; }`,
  );
  return ["set -eu", ...copies].join("\n");
}

/** Flags of go-spacemesh 1.8 (cmd/root.go), as run. */
function nodeArguments({ kubernetes }: KubernetesNetworkSpec, number: number): string[] {
  const smeshes = number <= kubernetes.smeshers;
  return [
    ...["-c", "/etc/spacemesh/config.json", "-d", "/data"],
    `--smeshing-start=${smeshes}`,
    ...(smeshes ? ["--smeshing-opts-datadir=/data/post"] : []),
    ...(smeshes && kubernetes.coinbase ? [`--smeshing-coinbase=${kubernetes.coinbase}`] : []),
    `--grpc-json-listener=0.0.0.0:${PORTS.json}`,
    ...["--metrics", `--metrics-port=${PORTS.metrics}`],
  ];
}

/** A poet. Its rounds are on its disk: SIGTERM ends it at once, and it goes on from there. */
export function poetPod({ spec, genesisTime }: Made, number: number): V1PodSpec {
  const name = poetName(number);
  return {
    ...runsAs(KEY_OWNER),
    containers: [
      {
        name: "poet",
        image: spec.images.poet,
        args: poetArguments(spec, genesisTime),
        env: [{ name: "POET_PRIVATE_KEY", valueFrom: { secretKeyRef: { name: MADE_KEYS, key: `poet-${number}` } } }],
        ports: [{ name: "rest", containerPort: PORTS.rest }],
        readinessProbe: { httpGet: { path: "/v1/info", port: PORTS.rest }, periodSeconds: 2, timeoutSeconds: 5 },
        volumeMounts: [{ name: "data", mountPath: "/data" }],
        ...sized(spec, "poet", []),
        ...harmless(),
      },
    ],
    volumes: [disk(spec, name, "poet")],
  };
}

/** Serves the first beacon as a file. Without it a network makes its first blocks an epoch later. */
export const bootstrapPod = ({ kubernetes }: KubernetesNetworkSpec): V1PodSpec => ({
  ...runsAs(NOBODY),
  containers: [
    {
      name: "caddy",
      image: kubernetes.caddyImage ?? CADDY_IMAGE,
      args: ["caddy", "file-server", "--root", "/srv/bootstrap", "--listen", `$(POD_IP):${PORTS.files}`],
      env: [{ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
      ports: [{ name: "http", containerPort: PORTS.files }],
      readinessProbe: { httpGet: { path: `/${BEACON_FILE}`, port: PORTS.files }, periodSeconds: 2 },
      volumeMounts: [{ name: "files", mountPath: "/srv/bootstrap", readOnly: true }],
      resources: resources({ cpu: "10m", memory: "32Mi" }, { cpu: "250m", memory: "128Mi" }),
      ...harmless(CADDY_CAPABILITIES),
    },
  ],
  volumes: [{ name: "files", configMap: { name: MADE_CONFIG, items: [{ key: BEACON_FILE, path: BEACON_FILE }] } }],
});

const disk = ({ kubernetes }: KubernetesNetworkSpec, claimName: string, of: "node" | "poet") =>
  kubernetes.storageClass === "none"
    ? folder("data", kubernetes.resources[of].disk)
    : { name: "data", persistentVolumeClaim: { claimName } };

/** Requests are the limits too: with too little processor a node is late, and says nothing of it. */
function sized(
  { kubernetes }: KubernetesNetworkSpec,
  of: "node" | "poet",
  folders: readonly string[],
): Pick<V1Container, "resources"> {
  const { cpu, memory, disk } = kubernetes.resources[of];
  const ending = kubernetes.storageClass === "none" ? [...folders, disk] : folders;
  return { resources: resources({ cpu, memory }, { cpu, memory }, ending) };
}

/** Names are looked up again soon when an answer is lost, as go-spacemesh's own systest does. */
const RESOLVER = {
  options: [
    { name: "timeout", value: "1" },
    { name: "attempts", value: "5" },
  ],
};
