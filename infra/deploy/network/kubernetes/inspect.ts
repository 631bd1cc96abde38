import type { V1Deployment, V1Namespace, V1Node, V1Pod, V1Service } from "@kubernetes/client-node";
import { apiError, orForbidden } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { sameKnown } from "../../../base/lib/same-known";
import type { NetworkFacts } from "../../../base/model/network-facts";
import type { NetworkSpec } from "../../../base/model/network-spec";
import { imagesOf } from "../images";
import { factsOf } from "./facts";
import type { Listed } from "./listed";
import { type Made, readMade } from "./made";
import { BOOTSTRAP, COMPLETED, MINER, minerName, OWNER, paths, poetName, range1 } from "./names";
import type { Found, Progress } from "./plan";
import type { KubernetesNetworkSpec } from "./spec";
import { troublesOf } from "./troubles";

/** What exists of a network. */
export interface Inspection {
  readonly found: Found;
  readonly made?: Made;
  readonly listed?: Listed;
}

/** The facts of a network; undefined when it is not complete. @throws {UserError} when nobody can reach its nodes */
export const factsIn = ({ found, made, listed }: Inspection): NetworkFacts | undefined =>
  made && listed && found.namespace === "present" && found.progress.missing.length === 0
    ? factsOf(made, listed)
    : undefined;

/** Inspects the namespace with the network's name. Changes nothing. @throws {UserError} when it cannot be read */
export async function inspect(api: ObjectApi, spec: KubernetesNetworkSpec): Promise<Inspection> {
  try {
    return await look(api, spec);
  } catch (error) {
    throw apiError(`Namespace ${spec.namespace} cannot be read`, error);
  }
}

/** Only how far a network got, for those who wait for it. Throws what the API's client throws. */
export const progressIn = async (api: ObjectApi, spec: KubernetesNetworkSpec): Promise<Progress> =>
  progressOf(await listedOf(api, spec.namespace), spec);

async function look(api: ObjectApi, spec: KubernetesNetworkSpec): Promise<Inspection> {
  const namespace = await api.find<V1Namespace>(paths(spec.namespace).namespace);
  if (!namespace) return { found: { namespace: "absent" } };
  const { uid = "", annotations = {} } = namespace.metadata ?? {};
  const owner = annotations[OWNER];
  const state = {
    namespace: "present",
    uid,
    phase: namespace.status?.phase ?? "Active",
    completed: annotations[COMPLETED] !== undefined,
    ...(owner !== undefined && { owner }),
  } as const;
  // Of a namespace that is not ours nothing is read: its Secrets are none of our business.
  if (!sameKnown(owner, spec.tag)) return { found: { ...state, progress: NOTHING } };
  const [made, listed] = await Promise.all([readMade(api, spec.namespace), listedOf(api, spec.namespace)]);
  const progress = progressOf(listed, spec);
  const found: Found = { ...state, progress, ...(made && { made: madeFound(made) }) };
  return { found, listed, ...(made && { made }) };
}

const NOTHING: Progress = { miners: 0, readyMiners: 0, poets: 0, readyPoets: 0, missing: [] };

const madeFound = ({ genesisTime, spec }: Made) => ({
  genesisTime,
  miners: spec.miners,
  poets: spec.poets,
  phaseShift: spec.poetPhases.phaseShift,
});

async function listedOf(api: ObjectApi, namespace: string): Promise<Listed> {
  const at = paths(namespace);
  const [deployments, services, pods, nodes] = await Promise.all([
    api.list<V1Deployment>(at.deployments),
    api.list<V1Service>(at.services),
    api.list<V1Pod>(at.pods),
    orForbidden(api.list<V1Node>("/api/v1/nodes")), // an account of a shared cluster may not see its machines
  ]);
  return { deployments, services, pods, nodes: nodes ?? [] };
}

/** How far a network got, judged by Deployments, Services and pods. */
export function progressOf(listed: Listed, spec: Pick<NetworkSpec, "miners" | "poets">): Progress {
  const named = (names: readonly string[]) =>
    listed.deployments.filter(({ metadata }) => names.includes(metadata?.name ?? ""));
  const minerNames = range1(spec.miners).map(minerName);
  const poetNames = range1(spec.poets).map(poetName);
  const [miners, poets, bootstrap] = [named(minerNames), named(poetNames), named([BOOTSTRAP])];
  const isNodeReady = (node: V1Deployment) => isReady(node) || runsNode(node, listed.pods);
  const [readyMiners, readyPoets] = [miners.filter(isNodeReady).length, poets.filter(isReady).length];
  const { mixed } = imagesOf(listed.pods, spec.miners);
  const services = new Map(listed.services.map((service) => [service.metadata?.name, service]));
  const isBalanced = (name: string) => (services.get(name)?.status?.loadBalancer?.ingress ?? []).length > 0;
  const exposed = [...minerNames, ...poetNames].filter((name) => services.get(name)?.spec?.type === "LoadBalancer");
  const missing = [
    ...(readyMiners < spec.miners ? [`${readyMiners} of ${spec.miners} nodes ready`] : []),
    ...(readyPoets < spec.poets ? [`${readyPoets} of ${spec.poets} poets ready`] : []),
    ...(bootstrap.some(isReady) ? [] : ["the server of the first beacon not ready"]),
    ...[BOOTSTRAP, ...minerNames, ...poetNames]
      .filter((name) => !services.has(name))
      .map((name) => `no service ${name}`),
    ...exposed.filter((name) => !isBalanced(name)).map((name) => `no address of the load balancer of ${name}`),
    ...(mixed === undefined ? [] : [mixed]),
  ];
  const progress = { miners: miners.length, readyMiners, poets: poets.length, readyPoets };
  return {
    ...progress,
    missing: missing.length > 0 ? [...missing, ...troublesOf(listed.pods, listed.deployments)] : [],
  };
}

/** Whether the newest state of a Deployment runs and is ready. */
const isReady = (deployment: V1Deployment): boolean =>
  isNewest(deployment) && (deployment.status?.readyReplicas ?? 0) >= (deployment.spec?.replicas ?? 1);

const isNewest = ({ metadata, spec, status }: V1Deployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
  (status?.updatedReplicas ?? 0) >= (spec?.replicas ?? 1);

/**
 * Whether a node itself is ready, whatever runs beside it. The statistics end at a database of another version of the
 * node: the explorer lacks them then, and the network is complete all the same.
 */
const runsNode = (deployment: V1Deployment, pods: readonly V1Pod[]): boolean =>
  isNewest(deployment) &&
  pods.some(
    ({ metadata, status }) =>
      metadata?.deletionTimestamp === undefined &&
      sameKnown(metadata?.labels?.name, deployment.metadata?.name) &&
      (status?.containerStatuses ?? []).some(({ name, ready }) => name === MINER && ready),
  );
