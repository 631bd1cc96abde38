import type { V1Lease, V1Node } from "@kubernetes/client-node";
import { type AddressPlan, KUBELET_PORT, nodeAddress } from "./address-plan";
import type { KubernetesApi } from "./api";

/** Nodes of a cluster. go-spacecraft orders enough nodes for its miners; 3 nodes have room for 90 of them. */
export const NODES = 3;

/** Seconds between two renewals of a node's lease, and seconds that a lease lasts (kubernetes.io, "Leases"). */
const RENEW_EVERY = 10;
const LEASE_DURATION = 40;

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

/** Registers the cluster's nodes as ready. */
export async function registerNodes(api: KubernetesApi, cluster: string, plan: AddressPlan): Promise<void> {
  const nodes = Array.from({ length: NODES }, (_, i) => nodeObject(cluster, plan, i + 1, new Date()));
  await Promise.all(nodes.map((node) => api.create("/api/v1/nodes", node)));
}

/**
 * Renews the nodes' leases, so that the control plane considers them alive. Returns a function that stops the renewal.
 */
export async function renewLeases(api: KubernetesApi, cluster: string): Promise<() => void> {
  const names = Array.from({ length: NODES }, (_, i) => nodeName(cluster, i + 1));
  await Promise.all(names.map((name) => api.create(LEASES, leaseObject(name, new Date()))));
  const renew = setInterval(() => {
    for (const name of names) {
      api
        .patch(`${LEASES}/${name}`, { spec: { renewTime: microTime(new Date()) } })
        .catch((error: Error) => console.error(`lease of ${name}: ${error.message}`));
    }
  }, RENEW_EVERY * 1000);
  return () => clearInterval(renew);
}

/** Name of a node in GKE's form: cluster, pool, number. */
export const nodeName = (cluster: string, index: number): string => `gke-${cluster}-default-${index}`;

function nodeObject(cluster: string, plan: AddressPlan, index: number, now: Date): V1Node {
  const name = nodeName(cluster, index);
  const room = { cpu: "32", memory: "128Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "cloud.google.com/gke-nodepool": "default",
      },
    },
    status: {
      addresses: [
        { type: "InternalIP", address: plan.kubelet },
        { type: "ExternalIP", address: nodeAddress(plan, index) },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
      capacity: room,
      allocatable: room,
      conditions: [
        condition("Ready", "True", "KubeletReady", now),
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory", now),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", now),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", now),
      ],
    },
  };
}

const condition = (type: string, status: string, reason: string, now: Date) => ({
  type,
  status,
  reason,
  lastHeartbeatTime: now,
  lastTransitionTime: now,
});

function leaseObject(name: string, now: Date): Omit<V1Lease, "spec"> & { spec: object } {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease" },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_DURATION, renewTime: microTime(now) },
  };
}

/** A time as Kubernetes' MicroTime, which requires six fractional digits of a second. */
const microTime = (time: Date): string => time.toISOString().replace("Z", "000Z");
