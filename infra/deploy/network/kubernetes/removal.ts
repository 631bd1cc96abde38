import type { KubernetesObject, V1Namespace } from "@kubernetes/client-node";
import { apiError, orAbsent, statusOf } from "../../../base/clients/kubernetes/client";
import { atOnce } from "../../../base/lib/at-once";
import { together } from "../../../base/lib/together";
import { waitFor } from "../../../base/lib/wait";
import type { Job } from "./job";
import { paths } from "./names";
import type { Found } from "./plan";
import { patiently } from "./silence";

/** Requests at the same time: each has a connection of its own. */
const AT_ONCE = 8;

/** Conditions by which a namespace tells what holds it up (kubernetes.io, NamespaceStatus). */
const HOLDING = ["NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure"];

type Removal = Pick<Job, "api" | "spec" | "run">;

/** Deletes a namespace that is ours with all that is in it, and waits until it is gone. @throws {UserError} */
export async function removeNamespace(job: Removal, found: Found): Promise<void> {
  if (found.namespace === "absent") return;
  const { api, spec, run } = job;
  const path = paths(spec.namespace).namespace;
  try {
    await api.remove(path, found.uid);
  } catch (error) {
    // 404: it is gone. 409: it is being removed already, or it is another one now, which the look below tells.
    if (![404, 409].includes(statusOf(error) ?? 0)) {
      throw apiError(`Namespace ${spec.namespace} cannot be removed`, error);
    }
  }
  await hasten(job, found.uid);
  const look = async () => {
    const now = await api.find<V1Namespace>(path);
    if (!now || now.metadata?.uid !== found.uid) return { value: true };
    const held = (now.status?.conditions ?? []).filter(
      ({ type, status }) => HOLDING.includes(type) && status === "True",
    );
    return { seen: held.map(({ message }) => message).join("; ") || "it is being removed" };
  };
  const patient = () => patiently(run.signal, look);
  await waitFor(patient, { what: `the namespace ${spec.namespace} to be gone`, limit: spec.timeout }, run);
}

/**
 * Deletes what takes its time in a namespace that is being removed: its workloads, and its disks, which go with the last
 * pod. The cluster itself looks into such a namespace after 5 s, and once more after 5 s or longer while anything is left
 * (kubernetes/pkg/controller/namespace, namespaceDeletionGracePeriod). It removes all of it in any case, so that a failure
 * here only costs time.
 */
async function hasten({ api, spec, run }: Removal, uid: string): Promise<void> {
  const { namespace, deployments, claims } = paths(spec.namespace);
  try {
    const [workloads, disks] = await together(
      api.list<KubernetesObject>(deployments),
      api.list<KubernetesObject>(claims),
    );
    // After the lists: what they hold is of the namespace with this uid, and not of one that came after it.
    const now = await api.find<V1Namespace>(namespace);
    if (now?.metadata?.uid !== uid || now.status?.phase !== "Terminating") return;
    const all = [...workloads.map(at(deployments)), ...disks.map(at(claims))];
    await atOnce(all, AT_ONCE, ({ path, uid: its }) => orAbsent(api.remove(path, its)));
  } catch (error) {
    run.signal.throwIfAborted();
    run.say(apiError(`The workloads in ${spec.namespace} could not be removed first`, error).what);
  }
}

const at =
  (folder: string) =>
  ({ metadata: { name = "", uid = "" } = {} }: KubernetesObject) => ({ path: `${folder}/${name}`, uid });
