import type { Exported } from "../state";

/**
 * The same state without pending operations. An object that was being created and does exist becomes part of the state.
 * The next update repeats all else, which is safe: our steps check before they act, and objects of Kubernetes and keys
 * of KV have names of our own.
 * @param ids ids of the objects that exist, by URN
 */
export function withoutPending(exported: Exported, ids: ReadonlyMap<string, string>): Exported {
  const { pending_operations: pending = [], resources = [], ...rest } = exported.deployment;
  const created = pending.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    return id === undefined ? [] : [{ ...resource, id, outputs: { ...resource.inputs, id } }];
  });
  return { ...exported, deployment: { ...rest, resources: [...resources, ...created] } };
}
