import type {
  V1ConfigMap,
  V1Deployment,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1Secret,
  V1Service,
} from "@kubernetes/client-node";

/* The Kubernetes objects of go-spacecraft as data, in namespace `default` (go-spacecraft k8s/sm.go). */

/** A poet or a miner as a Deployment. */
export interface Workload {
  readonly name: string;
  readonly container: string;
  readonly image: string;
  /** Program with its flags, as one line for a shell. */
  readonly commandLine: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  /** Port of the node, for TCP and UDP. */
  readonly hostPort?: number;
  readonly cpu: string;
  /** In Gi. */
  readonly memory: string;
  /** Mount path of the data. */
  readonly dataPath: string;
  /** Node that it is bound to. */
  readonly node?: string;
  readonly recreate: boolean;
}

/** `--NAME=VALUE` */
export const flag = (name: string, value: string | number): string => `--${name}=${value}`;

/** A shell line that keeps the container running after the program ended. */
export const sleepingAfter = (program: string, flags: readonly string[]): string =>
  [program, ...flags, "; sleep 100000000"].join(" ");

export function deployment(workload: Workload): V1Deployment {
  const { name, container, image, commandLine, labels, ports, hostPort, cpu, memory, dataPath, node, recreate } =
    workload;
  const resources = { cpu, memory: `${memory}Gi` };
  const hostPorts = hostPort ? ["TCP", "UDP"].map((protocol) => ({ containerPort: hostPort, hostPort, protocol })) : [];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 1,
      ...(recreate ? { strategy: { type: "Recreate" } } : {}),
      selector: { matchLabels: { name } },
      template: {
        metadata: { labels: { name, ...labels } },
        spec: {
          ...(node ? { nodeSelector: { "kubernetes.io/hostname": node } } : {}),
          containers: [
            {
              name: container,
              image,
              command: ["/bin/sh", "-c"],
              args: [commandLine],
              ports: [...hostPorts, ...ports.map((containerPort) => ({ containerPort }))],
              resources: { limits: resources, requests: resources },
              volumeMounts: [
                { name: "config", mountPath: "/etc/config" },
                { name: "data", mountPath: dataPath },
              ],
            },
          ],
          volumes: [
            { name: "config", configMap: { name } },
            { name: "data", persistentVolumeClaim: { claimName: name } },
          ],
        },
      },
    },
  };
}

/** @param size in Gi */
export const claim = (name: string, size: string): V1PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: `${size}Gi` } },
    volumeMode: "Filesystem",
  },
});

export const configMap = (name: string, data: Record<string, string>): V1ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

export const secret = (name: string, stringData: Record<string, string>): V1Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name },
  stringData,
});

/** A Service for a workload, selected by the label `name`. @param ports by their names */
export const service = (
  name: string,
  workload: string,
  type: "NodePort" | "ClusterIP",
  ports: Readonly<Record<string, number>>,
  labels: Readonly<Record<string, string>> = {},
): V1Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, labels: { name: workload, ...labels } },
  spec: {
    type,
    selector: { name: workload },
    ports: Object.entries(ports).map(([portName, port]) => ({ name: portName, port, targetPort: port })),
  },
});

/** Protects all pods with the label `restart=false` from eviction. */
export const disruptionBudget: V1PodDisruptionBudget = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "pdb" },
  spec: { maxUnavailable: 0, selector: { matchLabels: { restart: "false" } } },
};
