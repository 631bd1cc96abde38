import type { Exported } from "../state";

/**
 * The state in which nothing is pending. What was being created and is known to be there becomes part of the state; all
 * else is done again by the next update: our verbs look before they act, and objects of Kubernetes and keys of KV are put
 * under names of their own, so that a second time changes nothing. Pure.
 * @param ids ids of created objects by URN
 */
export function withoutPending(exported: Exported, ids: ReadonlyMap<string, string>): Exported {
  const { pending_operations: pending = [], resources = [], ...rest } = exported.deployment;
  const created = pending.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    return id === undefined ? [] : [{ ...resource, id, outputs: { ...resource.inputs, id } }];
  });
  return { ...exported, deployment: { ...rest, resources: [...resources, ...created] } };
}
