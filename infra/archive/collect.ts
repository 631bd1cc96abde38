import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { type ClusterApi, statusOf } from "../base/clients/kubernetes/client";
import { runningImages } from "../base/clients/kubernetes/running-images";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import type { Run } from "../base/lib/run";
import type { Store } from "../base/store/contract";
import { runsOf } from "./container-runs";
import type { ReadRun } from "./evidence";
import { type MadeGap, quoted } from "./gaps";
import type { ArchivedObject } from "./manifest";
import { packedInto } from "./packed";
import type { Patience } from "./patience";
import { PodLog } from "./pieces";
import { type PodPlan, planOf, unseenPods } from "./plan";
import { Unread } from "./reading";
import { startsOf } from "./suspicion";
import type { SyncRecord } from "./sync-record";

/** `logs/POD.log.zst`: all logs of a pod. */
export const logKey = (pod: string): string => `logs/${pod}.log.zst`;

/** What of a cluster is in the archive, and what is missing. */
export interface Collected {
  readonly objects: readonly ArchivedObject[];
  readonly gaps: readonly MadeGap[];
}

export interface Collection {
  /** Absent when the cluster is gone, or does not answer. */
  readonly api?: ClusterApi;
  readonly store: Store;
  /** Folder of the archive. */
  readonly folder: string;
  /** What was shipped while the network ran. */
  readonly records: readonly SyncRecord[];
  readonly patience: Patience;
}

/**
 * Copies all logs and events of a cluster into the store, one object per pod, with what was shipped before. No log is held
 * in memory. What fails is tried again, the rest is kept, and what is missing then is named.
 * @throws {UserError} when the store fails, or the cluster takes no credential
 */
export async function collectCluster(collection: Collection, run: Run): Promise<Collected> {
  const { api, store, folder, patience } = collection;
  const view = new ClusterView(collection, run);
  const kept = new Map<string, Kept>();
  const said = new Set<string>();
  for (;;) {
    const isLast = patience.isOver || api === undefined;
    await view.look(isLast);
    const left = view.plans.filter(({ pod }) => !kept.has(pod));
    const failed: string[] = [];
    for (const plan of left) {
      const one = await copyLogs(plan, view, isLast).catch((error) => failedTry(error, run));
      if (typeof one === "string") {
        failed.push(`${plan.pod}: ${one}`);
        continue;
      }
      kept.set(plan.pod, one);
      if (kept.size % 10 === 0) run.say(`archived the logs of ${kept.size} of ${view.plans.length} pods so far`);
    }
    await view.lookAtEvents();
    failed.push(...view.failures.values());
    if (failed.length === 0 || isLast) break;
    for (const words of failed) if (!said.has(words)) run.say(`${words}; it is tried again`);
    for (const words of failed) said.add(words);
    await patience.wait();
  }
  const logs = view.plans.map(({ pod }) => kept.get(pod));
  const objects = logs.flatMap((one) => one?.object ?? []);
  const known = { pods: view.pods, records: collection.records };
  const unseen = view.pods && view.events ? unseenPods(view.events, known) : [];
  const gaps = [...view.gaps, ...logs.flatMap((one) => one?.gaps ?? []), ...unseen];
  if (view.events) objects.push(await putDocument(store, folder, "events.json", view.events));
  if (view.pods) objects.push(await putDocument(store, folder, "pods.json", view.pods));
  const images = runningImages(view.pods ?? []);
  if (images.length > 0) objects.push(await putDocument(store, folder, "images.json", images));
  return { objects, gaps };
}

/** What failed, as a phrase. @throws what to try again does not mend */
function failedTry(error: unknown, { signal }: Pick<Run, "signal">): string {
  signal.throwIfAborted();
  if (!(error instanceof Unread)) throw error;
  return quoted(error.message);
}

/** What the cluster tells of its pods, looked at again and again. */
class ClusterView {
  pods: readonly V1Pod[] | undefined;
  events: readonly CoreV1Event[] | undefined;
  plans: readonly PodPlan[] = [];
  /** What could never be looked at, as phrases. */
  readonly failures = new Map<string, string>();
  private readonly seen = new Set<string>();
  private nodes: ReadonlySet<string> | undefined;

  constructor(
    readonly collection: Collection,
    readonly run: Run,
  ) {}

  /** What is missing besides the logs of pods. */
  get gaps(): MadeGap[] {
    if (!this.collection.api) return [{ kind: "cluster" }];
    return [...this.failures.values()].map((saw): MadeGap => ({ kind: "unread", saw }));
  }

  /** Pods that are archived stay as they are. */
  async look(isLast: boolean): Promise<void> {
    const { api, records } = this.collection;
    if (api) {
      const pods = await this.attempt("pods", () => api.core.listNamespacedPod(api));
      this.pods = pods?.items ?? this.pods;
      const nodes = await api.core.listNode().catch(() => undefined); // an account may lack this permission
      this.run.signal.throwIfAborted();
      this.nodes = nodes && new Set(nodes.items.flatMap(({ metadata }) => metadata?.name ?? []));
    }
    if (this.pods || !api || isLast) {
      const plans = planOf({ pods: this.pods, records });
      const names = new Set(plans.map(({ pod }) => pod));
      this.plans = [...this.plans.filter(({ pod }) => !names.has(pod)), ...plans];
    }
  }

  /** The events come last, so that they tell of the time in which the logs were read. */
  async lookAtEvents(): Promise<void> {
    const { api } = this.collection;
    const events = api && (await this.attempt("events", () => api.core.listNamespacedEvent(api)));
    this.events = events?.items ?? this.events;
  }

  private async attempt<T>(what: string, look: () => Promise<T>): Promise<T | undefined> {
    try {
      const seen = await look();
      this.failures.delete(what);
      this.seen.add(what);
      return seen;
    } catch (error) {
      this.run.signal.throwIfAborted();
      if (error instanceof UserError) throw error;
      const words = `the ${what} cannot be listed (${quoted(lastLine((error as Error).message))})`;
      if (!this.seen.has(what)) this.failures.set(what, words);
      return undefined;
    }
  }

  nodeIsGone({ node }: PodPlan): boolean {
    return node !== undefined && this.nodes !== undefined && !this.nodes.has(node);
  }

  /** Whether the runs of a pod are still those that were read. A restart in between would give the log of another one. */
  async isSame({ pod, containers }: PodPlan): Promise<boolean> {
    const live = containers.flatMap(({ runs }) => runs.flatMap((run) => run.live ?? []));
    const { api } = this.collection;
    if (live.length === 0 || !api) return true;
    const { items } = await api.core.listNamespacedPod(api).catch((error) => {
      this.run.signal.throwIfAborted();
      throw new Unread((error as Error).message, statusOf(error));
    });
    const now = items.find(({ metadata }) => metadata?.name === pod);
    if (!now) return true; // it went, and its logs were read before
    const ids = new Set(runsOf(now).runs.map(({ id, previous }) => `${id} ${previous}`));
    return live.every(({ id, previous }) => ids.has(`${id} ${previous}`));
  }
}

/** Writes a JSON document into an archive. */
export async function putDocument(
  store: Store,
  folder: string,
  key: string,
  document: unknown,
): Promise<ArchivedObject> {
  return { key, ...(await store.put(folder + key, `${JSON.stringify(document, null, 2)}\n`)) };
}

interface Kept {
  readonly object?: ArchivedObject;
  readonly gaps: readonly MadeGap[];
}

/** Copies the logs of a pod's containers into one object, one after another. @throws {Unread} when it is to be tried again */
async function copyLogs(plan: PodPlan, view: ClusterView, isLast: boolean): Promise<Kept> {
  const { api, store, folder } = view.collection;
  const { signal } = view.run;
  const starts = async (runs: readonly ReadRun[]) =>
    api ? startsOf({ api, node: plan.node, isLast, signal }, runs) : [];
  const log = new PodLog(plan, { api, store, isLast, signal, nodeIsGone: view.nodeIsGone(plan), starts });
  const whole = checked(log, async () => {
    if (await view.isSame(plan).catch((error) => unlessLast(error, isLast))) return;
    if (!isLast) throw new Unread("a container restarted while its log was read", undefined);
    log.gaps.push({ kind: "unread", pod: plan.pod, saw: "a container restarted while its log was read" });
  });
  const first = await whole.next();
  if (first.done && log.parts.length === 0) return { gaps: log.gaps };
  return {
    object: await putLog(store, folder, plan.pod, log, first.done ? whole : joined(first.value, whole)),
    gaps: log.gaps,
  };
}

function unlessLast(error: unknown, isLast: boolean): boolean {
  if (isLast && error instanceof Unread) return true; // its logs were read, and nothing says that it restarted
  throw error;
}

async function* checked(log: PodLog, check: () => Promise<void>): AsyncGenerator<Buffer> {
  yield* log.content();
  await check();
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function putLog(
  store: Store,
  folder: string,
  pod: string,
  { parts }: PodLog,
  content: AsyncIterable<Buffer>,
): Promise<ArchivedObject> {
  const key = logKey(pod);
  const packed = await packedInto(store, folder + key, content);
  return { key, ...packed, parts };
}
