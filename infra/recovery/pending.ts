/** What `pulumi stack export` prints, as far as it matters here. */
export interface Exported {
  readonly deployment: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

/** A resource in a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** An operation that was under way when the engine was killed: nobody knows how it ended. */
export interface PendingOperation {
  readonly type: string;
  readonly resource: StateResource;
}

/** The operations that a killed engine has left behind. Pure. */
export const pendingOf = ({ deployment }: Exported): readonly PendingOperation[] => deployment.pending_operations ?? [];

/** The outputs of the stack itself, as its last complete update stored them; secrets encrypted. Pure. */
export const rootOutputs = ({ deployment }: Exported): Readonly<Record<string, unknown>> =>
  deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};

/**
 * The state in which nothing is pending. What was being created and is known to be there becomes part of the state; all
 * else is done again by the next update: our verbs look before they act, and objects of Kubernetes and keys of KV are put
 * under names of their own, so that a second time changes nothing. Pure.
 * @param ids ids of created objects by URN
 */
export function settled(exported: Exported, ids: ReadonlyMap<string, string>): Exported {
  const { pending_operations: pending = [], resources = [], ...rest } = exported.deployment;
  const created = pending.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    return id === undefined ? [] : [{ ...resource, id, outputs: { ...resource.inputs, id } }];
  });
  return { ...exported, deployment: { ...rest, resources: [...resources, ...created] } };
}
