import type { V1PersistentVolumeClaim, V1Service } from "@kubernetes/client-node";
import type { Made } from "./made";
import { type Component, metadata, type Placed } from "./metadata";
import { BOOTSTRAP, minerName, PORTS, paths, poetName, range1 } from "./names";
import { disruptionBudgets, networkPolicies } from "./protection";
import type { KubernetesNetworkSpec } from "./spec";
import { bootstrapPod, deployment, minerPod, poetPod } from "./workloads";

/** The parts of a network, in the order in which they are made. Policies and Services come first, poets serve before nodes start. */
export interface NetworkObjects {
  readonly first: readonly Placed[];
  readonly poets: readonly Placed[];
  readonly nodes: readonly Placed[];
}

/** All objects of a network but those that are made once (made.ts). They follow from what is made, and nothing else. */
export function networkObjects(made: Made): NetworkObjects {
  const { spec } = made;
  const miners = range1(spec.miners).map(minerName);
  const poets = range1(spec.poets).map(poetName);
  const { kubernetes } = spec;
  return {
    first: [
      ...networkPolicies(spec),
      ...disruptionBudgets(spec),
      service(spec, BOOTSTRAP, "bootstrap", { http: PORTS.files }, { http: 80 }),
      ...poets.map((name) => exposed(spec, name, "poet", { restport: PORTS.rest })),
      ...miners.map((name) =>
        exposed(spec, name, "node", { p2p: PORTS.p2p, grpcport: PORTS.grpc, jsonport: PORTS.json }),
      ),
      ...miners.flatMap((name) => claim(spec, name, "node", kubernetes.resources.node.disk)),
      ...poets.flatMap((name) => claim(spec, name, "poet", kubernetes.resources.poet.disk)),
    ],
    poets: [
      deployment(spec, BOOTSTRAP, "bootstrap", bootstrapPod(spec)),
      ...range1(spec.poets).map((i) => deployment(spec, poetName(i), "poet", poetPod(made, i))),
    ],
    nodes: range1(spec.miners).map((i) => deployment(spec, minerName(i), "node", minerPod(made, i))),
  };
}

function service(
  spec: KubernetesNetworkSpec,
  name: string,
  component: Component,
  targets: Readonly<Record<string, number>>,
  ports: Readonly<Record<string, number>> = targets,
  type?: string,
): Placed {
  const object: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(spec, name, component),
    spec: {
      ...(type && { type }),
      // A node is reached whatever runs beside it, and by its peers before its API answers.
      ...(component === "node" && { publishNotReadyAddresses: true }),
      selector: { name },
      ports: Object.entries(targets).map(([port, targetPort]) => ({
        name: port,
        port: ports[port] ?? targetPort,
        targetPort,
      })),
    },
  };
  return { path: `${paths(spec.namespace).services}/${name}`, object };
}

/** Types of the Services of nodes and poets, by the setting `exposure`. */
const SERVICE_TYPES = { nodePort: "NodePort", loadBalancer: "LoadBalancer", none: "ClusterIP" } as const;

/** A Service that is reached from outside the cluster, and be it by its API. Metrics and private calls are not among its ports. */
const exposed = (
  spec: KubernetesNetworkSpec,
  name: string,
  component: Component,
  ports: Readonly<Record<string, number>>,
): Placed => service(spec, name, component, ports, ports, SERVICE_TYPES[spec.kubernetes.exposure]);

/** A disk. Without a StorageClass the pod has one that ends with it (workloads.ts). */
function claim(spec: KubernetesNetworkSpec, name: string, component: Component, storage: string): Placed[] {
  const { storageClass } = spec.kubernetes;
  if (storageClass === "none") return [];
  const object: V1PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(spec, name, component),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage } },
      ...(storageClass === "default" ? {} : { storageClassName: storageClass }),
    },
  };
  return [{ path: `${paths(spec.namespace).claims}/${name}`, object }];
}
