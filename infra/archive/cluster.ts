import { type ClusterApi, clusterApi } from "../base/clients/kubernetes/client";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import type { Run } from "../base/lib/run";
import { NetworkFacts } from "../base/model/network-facts";
import { exposedNow, movedTo, type Whereabouts } from "../base/observe/exposed";
import type { Store } from "../base/store/contract";
import { type Collected, type Collection, collectCluster, putDocument } from "./collect";
import { samplesDocument } from "./documents";
import { quoted } from "./gaps";
import type { ArchivedObject } from "./manifest";
import type { Patience } from "./patience";
import { collectSeries, isMonitored } from "./series";

/** The way into a network's cluster. */
interface NetworkCluster {
  readonly tag: string;
  /** Absent when the network is gone. */
  readonly kubeconfig?: string;
  /** Why the logs may be missing, if they may. */
  readonly gap?: string;
}

/**
 * The API of a network's cluster; undefined when the network is gone or its cluster does not
 * answer, and a gap is allowed. A cluster that does
 * not answer is asked again for minutes, also when a gap is allowed: its logs may still be had.
 * @throws {UserError} when it does not answer and no gap is allowed
 */
export async function answeringCluster(
  { tag, kubeconfig, gap }: NetworkCluster,
  patience: Patience,
  { signal, say }: Run,
): Promise<ClusterApi | undefined> {
  if (kubeconfig === undefined) {
    if (gap) return undefined;
    throw new UserError(
      "ClusterGone",
      `The network ${tag} is gone, and its logs are lost.`,
      `Run \`smeshnet retire ${tag} --gap REASON\`; with \`pulumi destroy\`, set ARCHIVE_GAP="REASON".`,
    );
  }
  const api = clusterApi(kubeconfig, signal);
  for (let said: string | undefined; ; ) {
    const isLast = patience.isOver;
    const silence = await silenceOf(api, signal);
    if (silence === undefined) return api;
    if (said !== silence)
      say(`the cluster of ${tag} does not answer (${silence})${isLast ? "" : "; it is asked again"}`);
    said = silence;
    if (isLast && gap) return undefined;
    if (isLast) {
      throw new UserError(
        "ClusterSilent",
        `The cluster of ${tag} does not answer (${silence}).`,
        "Repair it. If its logs are lost, run " +
          `\`smeshnet retire ${tag} --gap REASON\`; with \`pulumi destroy\`, set ARCHIVE_GAP="REASON".`,
      );
    }
    await patience.wait();
  }
}

/** Why a cluster does not list its pods, as a phrase; undefined when it does. */
async function silenceOf({ core, namespace }: ClusterApi, signal: AbortSignal): Promise<string | undefined> {
  try {
    await core.listNamespacedPod({ namespace });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error; // who asks has no credential; nothing is known of the logs
    return quoted((error as Error).message);
  }
}

/** What is known of a network besides its cluster. Documents of its record are not checked. */
interface Known {
  readonly facts: unknown;
  readonly settings: unknown;
  readonly kubeconfig?: string;
}

/**
 * Keeps a last sample of each node while they still answer, then everything that the cluster holds, and at last the
 * metrics, which are worth less than logs.
 * @param facts of the network; without valid facts, the network never came up and has no nodes to ask
 * @param settings of the network, which tell whether it has monitoring
 * @param kubeconfig of the cluster, if it answers
 */
export async function collectNetwork(
  collection: Collection,
  { facts, settings, kubeconfig }: Known,
  run: Run,
): Promise<Collected> {
  const { api, store, folder } = collection;
  const { success, data } = NetworkFacts.safeParse(facts);
  const samples = api && success ? [await putSamples({ api, store, folder, kubeconfig }, data, run)] : [];
  const { objects, gaps } = await collectCluster(collection, run);
  const isAsked = success && isMonitored(settings);
  const series = isAsked
    ? await collectSeries({ store, folder, kubeconfig: api && kubeconfig, facts: data }, run)
    : { objects: [], gaps: [] };
  return { objects: [...samples, ...objects, ...series.objects], gaps: [...gaps, ...series.gaps] };
}

interface Sampled {
  readonly api: ClusterApi;
  readonly store: Store;
  readonly folder: string;
  readonly kubeconfig: string | undefined;
}

async function putSamples(
  { api, store, folder, kubeconfig = "" }: Sampled,
  facts: NetworkFacts,
  run: Run,
): Promise<ArchivedObject> {
  // Loaded here, since gRPC takes longer to load than most of what reads archives.
  const { lastSamples, proxyInto } = await import("../base/observe/nodes.js");
  const proxy = proxyInto(facts, () => kubeconfig, run.signal);
  const samples = await lastSamples(await whereabouts(api, facts, run), run, proxy);
  return putDocument(store, folder, "samples.json", samplesDocument(samples));
}

/** The nodes where the cluster exposes them today, or where it did when it cannot tell. */
async function whereabouts({ core, namespace }: ClusterApi, facts: NetworkFacts, run: Run): Promise<Whereabouts> {
  try {
    const [nodes, services] = await Promise.all([core.listNode(), core.listNamespacedService({ namespace })]);
    const now = exposedNow(facts, { nodes: nodes.items, services: services.items });
    return movedTo(facts.tag, facts, now, run) ?? facts;
  } catch (error) {
    run.signal.throwIfAborted();
    run.say(`${facts.tag}: the addresses of its nodes cannot be looked up (${lastLine((error as Error).message)})`);
    return facts;
  }
}
