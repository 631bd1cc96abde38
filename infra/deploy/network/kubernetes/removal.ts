import type { V1Namespace } from "@kubernetes/client-node";
import { apiError, statusOf } from "../../../base/clients/kubernetes/client";
import { waitFor } from "../../../base/lib/wait";
import type { Job } from "./job";
import { paths } from "./names";
import type { Found } from "./plan";
import { patiently } from "./silence";

/** Seconds between two looks. */
const LOOK_EVERY = 1;

/** Conditions by which a namespace tells what holds it up (kubernetes.io, NamespaceStatus). */
const HOLDING = ["NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure"];

/** Deletes a namespace that is ours with all that is in it, and waits until it is gone. @throws {UserError} */
export async function removeNamespace({ api, spec, run }: Job, found: Found): Promise<void> {
  if (found.namespace === "absent") return;
  const path = paths(spec.namespace).namespace;
  try {
    await api.remove(path, found.uid);
  } catch (error) {
    // 404: it is gone. 409: it is being removed already, or it is another one now, which the look below tells.
    if (![404, 409].includes(statusOf(error) ?? 0)) {
      throw apiError(`Namespace ${spec.namespace} cannot be removed`, error);
    }
  }
  const look = async () => {
    const now = await api.find<V1Namespace>(path);
    if (!now || now.metadata?.uid !== found.uid) return { value: true };
    const held = (now.status?.conditions ?? []).filter(
      ({ type, status }) => HOLDING.includes(type) && status === "True",
    );
    return { seen: held.map(({ message }) => message).join("; ") || "it is being removed" };
  };
  await waitFor(
    () => patiently(run.signal, look),
    { what: `the namespace ${spec.namespace} to be gone`, limit: spec.timeout, every: LOOK_EVERY },
    run,
  );
}
