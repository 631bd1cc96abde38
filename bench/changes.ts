import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { ClusterApi } from "../infra/base/clients/kubernetes/client";

/** Operations of the engine that do not change a resource. */
const UNCHANGED: readonly string[] = ["same", "read", "refresh"];

/** Names of the resources that an update changed, without the stack and resources that only group others. */
export function changedResources(events: readonly EngineEvent[]): string[] {
  const urns = events.flatMap(({ resOutputsEvent }) => {
    const { op, urn, new: after, old: before } = resOutputsEvent?.metadata ?? {};
    const isCustom = (after ?? before)?.custom === true;
    return urn !== undefined && op !== undefined && isCustom && !UNCHANGED.includes(op) ? [urn] : [];
  });
  return [...new Set(urns)].map((urn) => urn.split("::").at(-1) ?? urn);
}

/** Restarts of each pod, by name and uid. Another uid is another pod. */
export type Pods = Readonly<Record<string, number>>;

/** The current pods of a network's cluster. */
export async function podsOf(cluster: ClusterApi): Promise<Pods> {
  const { items } = await cluster.core.listNamespacedPod(cluster);
  const entries = items.map(({ metadata, status }) => {
    const restarts = (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
    return [`${metadata?.name} ${metadata?.uid}`, restarts] as const;
  });
  return Object.fromEntries(entries);
}

/** Pods that were deleted, created or restarted between two states. */
export const restartedPods = (before: Pods, after: Pods): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((pod) => before[pod] !== after[pod]);
