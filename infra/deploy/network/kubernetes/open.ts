import { statusOf } from "../../../base/clients/kubernetes/client";
import { UserError } from "../../../base/lib/errors";
import { sameKnown } from "../../../base/lib/same-known";
import { identityOf } from "./cluster";
import type { Job } from "./job";
import { clusterOfRecord, standingIn } from "./whereabouts";

type Start = Pick<Job, "spec" | "run" | "store" | "world">;

/** Environment variable in which an operator names the uid of a cluster that is gone for good. */
export const CLUSTER_GONE = "CLUSTER_GONE";

/** Opens the cluster of a network. @throws {UserError} when the context leads to another cluster than that of the network */
export async function openJob(start: Start): Promise<Job> {
  const { spec, run, store, world } = start;
  const { context } = spec.kubernetes;
  const { api, kubeconfig } = await world.open(spec, run.signal);
  const cluster = await identityOf(api, context);
  const standing = await standingIn(store, spec.namespace);
  if (standing === undefined || standing === cluster) return { spec, run, api, kubeconfig, cluster, store, world };
  throw new UserError(
    "ClusterOther",
    `The context ${context} leads to the cluster ${cluster}, and ${spec.tag} was made in the cluster ${standing}.`,
    "Set KUBECONFIG and kubeContext to the cluster of the network.",
  );
}

/**
 * Opens the cluster of a network that is to be removed.
 * @param gone uid of the cluster that the operator says is gone, if any
 * @returns the cluster's uid when it is the network's, so that nothing of the network can be left
 * @throws {UserError} when the cluster is not reached, with the way to go on without it
 */
export async function openOrGone(start: Start, gone: string | undefined): Promise<Job | { readonly gone: string }> {
  const { spec, run, store } = start;
  const made = await clusterOfRecord(store, spec.namespace, spec.tag);
  const isGone = sameKnown(made, gone);
  const opened = await openJob(start).catch(async (error: unknown) => {
    run.signal.throwIfAborted();
    if (made === undefined || !(error instanceof UserError)) throw error;
    // What answers and does not tell which cluster it is may be the network's own.
    if (error.code !== "ClusterOther" && (await answers(start))) throw error;
    if (isGone) return undefined;
    throw withWayOut(error, spec.tag, made);
  });
  if (!isGone || made === undefined) return opened ?? openJob(start);
  if (opened && opened.cluster === made)
    throw new UserError(
      "ClusterNotGone",
      `${CLUSTER_GONE} names the cluster ${made}, and the context ${spec.kubernetes.context} leads to it: it answers.`,
      `Run the command again without ${CLUSTER_GONE}.`,
    );
  run.say(`the cluster ${made}, in which ${spec.tag} was made, is taken for gone: ${CLUSTER_GONE} names it`);
  return { gone: made };
}

/** Whether the API of the context answers, and be it with a refusal. */
async function answers({ spec, run, world }: Start): Promise<boolean> {
  try {
    await (await world.open(spec, run.signal)).api.find("/version");
    return true;
  } catch (error) {
    run.signal.throwIfAborted();
    return statusOf(error) !== undefined || (error instanceof UserError && error.code === "ClusterCredentialRefused");
  }
}

/** The same error, with the way for an operator who knows that the cluster never comes back. */
const withWayOut = ({ code, what, fix, exitCode }: UserError, tag: string, cluster: string): UserError =>
  new UserError(
    code,
    what,
    `${fix} If the cluster is gone for good, run ` +
      `\`${CLUSTER_GONE}="${cluster}" smeshnet retire ${tag} --gap REASON\`.`,
    exitCode,
  );
