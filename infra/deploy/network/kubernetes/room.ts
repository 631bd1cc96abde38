import type { V1Node, V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import { orForbidden } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { roomFor } from "../../../base/clients/kubernetes/room";
import { UserError } from "../../../base/lib/errors";
import type { Run } from "../../../base/lib/run";
import { AROUND, type Demand, demandOf, sumOf } from "../../../base/model/demand";
import { coresText, quantityIn, sizeText } from "../../../base/model/quantity";
import { paths } from "./names";
import type { KubernetesNetworkSpec } from "./spec";

/** What a network and all that stands around it want of a namespace. */
export interface Wanted {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  /** The same as limits: those of nodes and poets are their requests, all others may take more. */
  readonly limits: { readonly cpu: number; readonly memory: number };
  readonly pods: number;
  readonly deployments: number;
  /** Disks. */
  readonly claims: number;
  /** Bytes of all disks. */
  readonly storage: number;
  readonly services: number;
}

/** What a network asks of its cluster: the bill of `smeshnet doctor`. */
export const demandsOf = ({ miners, poets, kubernetes }: KubernetesNetworkSpec): Demand[] =>
  demandOf({ ...kubernetes, miners, poets });

export function wantedOf(spec: KubernetesNetworkSpec): Wanted {
  const { miners, poets, kubernetes } = spec;
  const { pods, cpu, memory, disk } = sumOf(demandsOf(spec));
  const claims = kubernetes.storageClass === "none" ? 0 : miners + poets + 1; // one for the tap's journal
  return {
    cpu,
    memory,
    limits: { cpu: cpu - AROUND.cpu + AROUND.limits.cpu, memory: memory - AROUND.memory + AROUND.limits.memory },
    pods,
    deployments: miners + poets + AROUND.deployments,
    claims,
    storage: disk,
    services: miners + poets + AROUND.services,
  };
}

type Api = Pick<ObjectApi, "list">;

/**
 * Looks whether the cluster has room for a network, before anything is made.
 * @throws {UserError} when all its machines together lack it
 */
export async function requireRoom(api: Api, spec: KubernetesNetworkSpec, { say }: Pick<Run, "say">): Promise<void> {
  const [nodes, pods] = await Promise.all([orForbidden(api.list<V1Node>("/api/v1/nodes")), podsOf(api)]);
  if (!nodes && spec.kubernetes.exposure === "nodePort") {
    throw new UserError(
      "NetworkUnexposed",
      "The account may not list the cluster's machines, so that nobody can tell at which addresses nodes are reached.",
      "Let the account list nodes, or set exposure to loadBalancer or none.",
    );
  }
  if (!nodes || !pods) return say("the room in the cluster is not known: the account may not list its nodes and pods");
  const room = roomFor(demandsOf(spec), nodes, pods);
  const lacks = [...room.never, ...room.now];
  if (lacks.length === 0) {
    if (room.isInPieces) say("what is free in the cluster is in pieces too small for the network: pods may wait");
    return;
  }
  throw new UserError(
    "ClusterTooSmall",
    `The cluster has no room for ${spec.tag}: ${lacks.join("; ")}.`,
    "Add machines, retire another network, or lower the settings miners and resources.",
  );
}

const podsOf = (api: Api): Promise<V1Pod[] | undefined> => orForbidden(api.list<V1Pod>("/api/v1/pods"));

/** Keys of a quota, and what of a network counts (kubernetes.io, "Resource Quotas"). */
const COUNTED: Readonly<Record<string, (wanted: Wanted) => number>> = {
  cpu: ({ cpu }) => cpu,
  "requests.cpu": ({ cpu }) => cpu,
  "limits.cpu": ({ limits }) => limits.cpu,
  memory: ({ memory }) => memory,
  "requests.memory": ({ memory }) => memory,
  "limits.memory": ({ limits }) => limits.memory,
  pods: ({ pods }) => pods,
  "count/pods": ({ pods }) => pods,
  "count/deployments.apps": ({ deployments }) => deployments,
  services: ({ services }) => services,
  "count/services": ({ services }) => services,
  persistentvolumeclaims: ({ claims }) => claims,
  "count/persistentvolumeclaims": ({ claims }) => claims,
  "requests.storage": ({ storage }) => storage,
};

/** Looks at the quotas of a namespace before anything is made in it. @throws {UserError} when one is too small */
export async function requireQuota(api: Api, spec: KubernetesNetworkSpec): Promise<void> {
  const quotas = await orForbidden(api.list<V1ResourceQuota>(paths(spec.namespace).quotas));
  const lacks = quotaLacks(wantedOf(spec), exposing(spec), quotas ?? []);
  if (lacks.length === 0) return;
  throw new UserError(
    "QuotaTooSmall",
    `The quota of the namespace ${spec.namespace} has no room for ${spec.tag}: ${lacks.join(", ")}.`,
    "Raise the quota, or lower the settings miners, poets and resources.",
  );
}

/** What is reached from outside, by the keys of quotas. The gateway has a load balancer of two ports in any case. */
const exposing = ({ miners, poets, kubernetes }: KubernetesNetworkSpec): Readonly<Record<string, number>> => ({
  "services.loadbalancers": (kubernetes.exposure === "loadBalancer" ? miners + poets : 0) + 1,
  "services.nodeports": (kubernetes.exposure === "none" ? 0 : miners * 3 + poets) + 2,
});

/** Which keys of quotas are too small, a phrase each. */
export function quotaLacks(
  wanted: Wanted,
  exposed: Readonly<Record<string, number>>,
  quotas: readonly V1ResourceQuota[],
): string[] {
  return quotas.flatMap(({ metadata, spec, status }) =>
    Object.entries(spec?.hard ?? {}).flatMap(([key, hard]) => {
      const wants = COUNTED[key]?.(wanted) ?? exposed[key];
      const free = (quantityIn(hard) ?? 0) - (quantityIn(status?.used?.[key] ?? "0") ?? 0);
      if (wants === undefined || wants <= free) return [];
      const form = formOf(key);
      return [`${metadata?.name} allows ${form(free)} more of ${key}, and the network wants ${form(wants)}`];
    }),
  );
}

function formOf(key: string): (amount: number) => string {
  if (key.endsWith("cpu")) return coresText;
  return key.endsWith("memory") || key.endsWith("storage") ? sizeText : String;
}
