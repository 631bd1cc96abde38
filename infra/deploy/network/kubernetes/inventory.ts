import type { V1Namespace } from "@kubernetes/client-node";
import { apiError } from "../../../base/clients/kubernetes/client";
import type { PlatformObject } from "../driver";
import { OWNER } from "./names";
import type { World } from "./world";

/** Everything in the cluster of a context that we made: the namespaces that say so. @throws {UserError} */
export async function inventory(context: string, world: World, signal: AbortSignal): Promise<PlatformObject[]> {
  const { api } = await world.open({ namespace: "default", kubernetes: { context } }, signal);
  const query = new URLSearchParams({ labelSelector: "app.kubernetes.io/managed-by=smeshnet" });
  try {
    const found = await api.list<V1Namespace>(`/api/v1/namespaces?${query}`);
    return found.flatMap(({ metadata, status }) => {
      const tag = metadata?.annotations?.[OWNER];
      const name = metadata?.name ?? "";
      if (tag === undefined) return [];
      const phase = status?.phase ?? "Active";
      return {
        kind: "namespace",
        name,
        tag,
        state: phase,
        evidence: `its annotation ${OWNER}`,
        isRoot: true,
        isHeld: phase === "Terminating",
        remove: `kubectl --context ${context} delete namespace ${name}`,
      };
    });
  } catch (error) {
    throw apiError(`The namespaces of the context ${context} cannot be listed`, error);
  }
}
