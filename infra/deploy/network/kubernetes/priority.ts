import type { KubernetesObject } from "@kubernetes/client-node";
import { orForbidden } from "../../../base/clients/kubernetes/client";
import type { ObjectApi } from "../../../base/clients/kubernetes/objects";
import { UserError } from "../../../base/lib/errors";
import type { KubernetesNetworkSpec } from "./spec";

/**
 * Looks whether the PriorityClass of the settings exists, before anything is made. Without it no pod is made, and nothing
 * of the network says why.
 * @throws {UserError} when it does not exist
 */
export async function requirePriorityClass(api: Pick<ObjectApi, "find">, { kubernetes }: KubernetesNetworkSpec) {
  const { priorityClass, context } = kubernetes;
  if (priorityClass === undefined) return;
  const path = `/apis/scheduling.k8s.io/v1/priorityclasses/${priorityClass}`;
  const found = await orForbidden(api.find<KubernetesObject>(path).then((one) => one !== undefined));
  if (found !== false) return;
  throw new UserError(
    "PriorityClassMissing",
    `There is no PriorityClass ${priorityClass} in the cluster of the context ${context}.`,
    "Correct the setting priorityClass, or let an administrator make the class.",
  );
}
