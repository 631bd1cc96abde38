import { type ClusterApi, clusterApi } from "../base/clients/kubernetes/client";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import type { Run } from "../base/lib/run";
import { NetworkFacts } from "../base/model/network-facts";
import { IN_NAMESPACE } from "../base/model/ownership";
import { exposedNow, movedTo, type Whereabouts } from "../base/observe/exposed";
import type { Store } from "../base/store/contract";
import { collectCluster, putDocument } from "./collect";
import { samplesDocument } from "./documents";
import type { ArchivedObject } from "./manifest";

/** The way into a network's cluster. */
interface NetworkCluster {
  readonly tag: string;
  /** Absent when the cluster is gone. */
  readonly kubeconfig?: string;
  /** Why the logs may be missing, if they may. */
  readonly gap?: string;
}

/**
 * The API of a network's cluster; undefined when it does not answer and a gap is allowed.
 * @throws {UserError} when it does not answer and no gap is allowed
 */
export async function answeringCluster(
  { tag, kubeconfig, gap }: NetworkCluster,
  { signal }: Run,
): Promise<ClusterApi | undefined> {
  if (kubeconfig === undefined) {
    if (gap) return undefined;
    throw new UserError(
      "ClusterGone",
      `The cluster of ${tag} is gone, and its logs are lost.`,
      `Run \`smeshnet retire ${tag} --gap REASON\`; with \`pulumi destroy\`, set ARCHIVE_GAP="REASON".`,
    );
  }
  const api = clusterApi(kubeconfig, signal);
  try {
    await api.core.listNamespacedPod({ namespace: IN_NAMESPACE });
    return api;
  } catch (error) {
    if (error instanceof UserError) throw error; // who asks has no credential; nothing is known of the logs
    if (gap) return undefined;
    throw new UserError(
      "ClusterSilent",
      `The cluster of ${tag} does not answer (${(error as Error).message}).`,
      "Repair it. If its logs are lost, run " +
        `\`smeshnet retire ${tag} --gap REASON\`; with \`pulumi destroy\`, set ARCHIVE_GAP="REASON".`,
    );
  }
}

/**
 * Keeps a last sample of each node while they still answer, and then everything that the cluster holds.
 * @param facts of the network; without valid facts, the network never came up and has no nodes to ask
 */
export async function collectNetwork(
  api: ClusterApi,
  store: Store,
  folder: string,
  facts: unknown,
  run: Run,
): Promise<ArchivedObject[]> {
  const { success, data } = NetworkFacts.safeParse(facts);
  const samples = success ? [await putSamples(api, store, folder, data, run)] : [];
  return [...samples, ...(await collectCluster(api, store, folder, run))];
}

async function putSamples(
  api: ClusterApi,
  store: Store,
  folder: string,
  facts: NetworkFacts,
  run: Run,
): Promise<ArchivedObject> {
  // Loaded here, since gRPC takes longer to load than most of what reads archives.
  const { lastSamples } = await import("../base/observe/nodes.js");
  return putDocument(
    store,
    folder,
    "samples.json",
    samplesDocument(await lastSamples(await whereabouts(api, facts, run), run)),
  );
}

/** The nodes where the cluster exposes them today, or where it did when it cannot tell. */
async function whereabouts({ core }: ClusterApi, facts: NetworkFacts, run: Run): Promise<Whereabouts> {
  try {
    const [nodes, services] = await Promise.all([
      core.listNode(),
      core.listNamespacedService({ namespace: IN_NAMESPACE }),
    ]);
    const now = exposedNow(facts, { nodes: nodes.items, services: services.items });
    return movedTo(facts.tag, facts, now, run) ?? facts;
  } catch (error) {
    run.signal.throwIfAborted();
    run.say(`${facts.tag}: the addresses of its nodes cannot be looked up (${lastLine((error as Error).message)})`);
    return facts;
  }
}
