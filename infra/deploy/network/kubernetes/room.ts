import type { V1Node, V1Pod, V1ResourceQuota } from "@kubernetes/client-node";
import { statusOf } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { allocatableOf, amountOf, cores, gibibytes, requestedBy } from "../../../base/clients/kubernetes/quantities";
import { UserError } from "../../../base/lib/errors";
import type { Run } from "../../../base/lib/run";
import { paths } from "./names";
import type { KubernetesNetworkSpec } from "./spec";

/** What a network wants of a cluster. */
export interface Wanted {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  readonly pods: number;
  /** Disks. */
  readonly claims: number;
  /** Bytes of all disks. */
  readonly storage: number;
  readonly services: number;
}

/** The nodes, the poets and the server of the first beacon. What joins them later is small. */
export function wantedOf({ miners, poets, kubernetes }: KubernetesNetworkSpec): Wanted {
  const { node, poet } = kubernetes.resources;
  const sum = (of: (one: typeof node) => string) => miners * amountOf(of(node)) + poets * amountOf(of(poet));
  const claims = kubernetes.storageClass === "none" ? 0 : miners + poets;
  return {
    cpu: sum(({ cpu }) => cpu),
    memory: sum(({ memory }) => memory),
    pods: miners + poets + 1,
    claims,
    storage: claims === 0 ? 0 : sum(({ disk }) => disk),
    services: miners + poets + 1,
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
      "Let the account list nodes, or set exposure to loadBalancer.",
    );
  }
  if (!nodes || !pods) return say("the room in the cluster is not known: the account may not list its nodes and pods");
  const lacks = lacksOf(wantedOf(spec), { has: allocatableOf(nodes), used: requestedBy(pods) });
  if (lacks.length === 0) return;
  throw new UserError(
    "ClusterTooSmall",
    `The cluster has no room for ${spec.tag}: it wants ${lacks.join(", ")}.`,
    "Add machines, retire another network, or lower the settings miners and resources.",
  );
}

const podsOf = (api: Api): Promise<V1Pod[] | undefined> => orForbidden(api.list<V1Pod>("/api/v1/pods"));

async function orForbidden<T>(list: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await list;
  } catch (error) {
    if (statusOf(error) === 403) return undefined;
    throw error;
  }
}

type Amounts = ReturnType<typeof allocatableOf>;

/** What is too little, a phrase each: `13 cores of 8 free`. */
export function lacksOf(wanted: Wanted, { has, used }: { readonly has: Amounts; readonly used: Amounts }): string[] {
  const free = (name: keyof Amounts) => Math.max(0, has[name] - used[name]);
  return [
    ...(wanted.cpu > free("cpu") ? [`${cores(wanted.cpu)} cores of ${cores(free("cpu"))} free`] : []),
    ...(wanted.memory > free("memory")
      ? [`${gibibytes(wanted.memory)} memory of ${gibibytes(free("memory"))} free`]
      : []),
    ...(wanted.pods > free("pods") ? [`${wanted.pods} pods of ${free("pods")} free`] : []),
  ];
}

/** Keys of a quota, and the part of a network that counts (kubernetes.io, "Resource Quotas"). */
const COUNTED: Readonly<Record<string, keyof Wanted>> = {
  cpu: "cpu",
  "requests.cpu": "cpu",
  "limits.cpu": "cpu",
  memory: "memory",
  "requests.memory": "memory",
  "limits.memory": "memory",
  pods: "pods",
  "count/pods": "pods",
  "count/deployments.apps": "pods",
  services: "services",
  "count/services": "services",
  persistentvolumeclaims: "claims",
  "count/persistentvolumeclaims": "claims",
  "requests.storage": "storage",
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

/** Services that are reached from outside, by the kind that a quota counts. */
const exposing = ({ miners, poets, kubernetes }: KubernetesNetworkSpec): Readonly<Record<string, number>> =>
  kubernetes.exposure === "loadBalancer"
    ? { "services.loadbalancers": miners + poets }
    : { "services.nodeports": miners * 3 + poets };

/** Which keys of quotas are too small, a phrase each. */
export function quotaLacks(
  wanted: Wanted,
  exposed: Readonly<Record<string, number>>,
  quotas: readonly V1ResourceQuota[],
): string[] {
  return quotas.flatMap(({ metadata, spec, status }) =>
    Object.entries(spec?.hard ?? {}).flatMap(([key, hard]) => {
      const part = COUNTED[key];
      const wants = part === undefined ? exposed[key] : wanted[part];
      const free = amountOf(hard) - amountOf(status?.used?.[key] ?? "0");
      if (wants === undefined || wants <= free) return [];
      const form = part === "cpu" ? cores : part === "memory" || part === "storage" ? gibibytes : String;
      return [`${metadata?.name} allows ${form(free)} more of ${key}, and the network wants ${form(wants)}`];
    }),
  );
}
