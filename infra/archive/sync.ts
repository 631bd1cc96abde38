import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterApi } from "../base/clients/kubernetes/client";
import { atOnce } from "../base/lib/at-once";
import { UserError } from "../base/lib/errors";
import { lastLine } from "../base/lib/exec";
import { grouped } from "../base/lib/grouped";
import type { Run } from "../base/lib/run";
import { putNew, type Store } from "../base/store/contract";
import { type ContainerRun, runsOf } from "./container-runs";
import { isSuspect, type ReadRun } from "./evidence";
import { quoted } from "./gaps";
import { packedInto } from "./packed";
import { isBegun, isFinal, LogReading, onDiskOf, Rotated, Unread } from "./reading";
import { type Inquiry, startsOf } from "./suspicion";
import {
  type LastRecord,
  lastRecords,
  recordKey,
  runFolder,
  type SyncedNetwork,
  type SyncRecord,
  syncFolder,
} from "./sync-record";

/** What one run of shipping did. */
export interface Synced {
  /** Runs of containers whose logs are in the store up to now. */
  readonly runs: number;
  /** Segments that were written, and their bytes unpacked. */
  readonly segments: number;
  readonly bytes: number;
  /** Logs that could not be read, in words; the next run tries again. */
  readonly unread: readonly string[];
}

export interface SyncOptions {
  readonly network: SyncedNetwork;
  readonly api: ClusterApi;
  readonly store: Store;
  /** A name that no other run has, for the keys of its segments. */
  readonly nonce: string;
}

/** Logs that are read at the same time. Each is at most a file of the kubelet, 10 MiB by default. */
const AT_ONCE = 4;

/**
 * Ships what is new in the logs of a running network. It is safe to run twice, beside another one, and to be killed: a
 * segment counts when its record is there, records have numbers, and the first writer of a number wins.
 * @throws {UserError} when the store fails, or the cluster does not answer or takes no credential
 */
export async function syncNetwork(options: SyncOptions, run: Run): Promise<Synced> {
  const { api, store, network } = options;
  const last = await lastRecords(store, network, run);
  const containers = (await podsOf(api, network, run)).flatMap(containersOf);
  const drafts = await atOnce(containers, AT_ONCE, ({ runs, ...place }) =>
    shippedOf({ ...options, ...place, last }, runs, run),
  );
  // A restart in between gives the log of another run. So nothing counts before the runs are looked at again.
  const now = new Set((await podsOf(api, network, run)).flatMap((pod) => runsOf(pod).runs.map(requestOf)));
  const counted = drafts.flat().filter(({ one }) => now.has(requestOf(one)));
  let [segments, bytes] = [0, 0];
  for (const { record } of counted) {
    if (!record || !(await isKept(store, network, record))) continue;
    segments += record.segment ? 1 : 0;
    bytes += record.segment?.content.bytes ?? 0;
  }
  const unread = drafts.flat().flatMap(({ unread: words }) => words ?? []);
  return { runs: counted.filter(({ unread: words }) => words === undefined).length, segments, bytes, unread };
}

interface Draft {
  readonly one: ContainerRun;
  /** The record of a new segment, which is not written yet. */
  readonly record?: SyncRecord;
  /** Why it could not be read. */
  readonly unread?: string;
}

interface LiveContainer {
  readonly runs: readonly ContainerRun[];
  readonly node: string | undefined;
  /** All containers of the pod that had a run. */
  readonly beside: readonly string[];
}

function containersOf(pod: V1Pod): LiveContainer[] {
  const { runs, node } = runsOf(pod);
  const byContainer = grouped(runs, ({ container }) => container);
  return [...byContainer.values()].map((own) => ({ runs: own, node, beside: [...byContainer.keys()] }));
}

const keyOf = ({ uid, container, id }: Pick<ContainerRun, "uid" | "container" | "id">, number: number): string =>
  runFolder({ uid, container, id, number });

/** The run that a request gives: it is another one after a restart. */
const requestOf = (run: ContainerRun): string => `${keyOf(run, run.number)} ${run.previous}`;

async function podsOf(api: ClusterApi, { tag }: SyncedNetwork, { signal }: Run) {
  try {
    return (await api.core.listNamespacedPod(api)).items;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw new UserError(
      "ClusterSilent",
      `The cluster of ${tag} does not answer (${quoted(lastLine((error as Error).message))}).`,
      "Check the cluster, then run the command again. Nothing that was shipped is lost.",
    );
  }
}

interface Shipping extends SyncOptions, Pick<LiveContainer, "node" | "beside"> {
  /** The last record of each run. */
  readonly last: ReadonlyMap<string, LastRecord>;
}

/** Writes the next segments of a container's runs. */
async function shippedOf(shipping: Shipping, runs: readonly ContainerRun[], run: Run): Promise<Draft[]> {
  const { api, node, last } = shipping;
  const drafts: Draft[] = [];
  const read: ReadRun[] = [];
  let isDoubtful = false; // whether a log of the container could not be read, so that its size is not known
  for (const one of runs) {
    const { record: before, taken } = last.get(keyOf(one, one.number)) ?? { taken: 0 };
    if (before?.ended) {
      const { pod, container, number } = one;
      read.push({ pod, container, number, onDisk: onDiskOf(before.mark), isContinued: true });
      drafts.push({ one });
      continue;
    }
    try {
      const { record, evidence } = await shipped(shipping, one, { record: before, taken }, run);
      read.push(evidence);
      drafts.push({ one, ...(record && { record }) });
    } catch (error) {
      run.signal.throwIfAborted();
      if (!(error instanceof Unread)) throw error;
      isDoubtful ||= !isFinal(error);
      // What the kubelet has no more is no news: the archive names it.
      drafts.push(isFinal(error) ? { one } : { one, unread: unreadWords(one, error.message) });
    }
  }
  if (!read.some(isSuspect)) return drafts;
  // What stays a suspicion is not written down: the next run asks again, and the archive at last.
  const starts = isDoubtful ? undefined : await cutStarts({ api, node, isLast: false, signal: run.signal }, read);
  return drafts.map(({ one, record, unread }) => {
    if (!record) return { one, ...(unread !== undefined && { unread }) };
    if (!read.some((its) => its.number === one.number && isSuspect(its))) return { one, record };
    if (!starts) return { one, unread: unreadWords(one, "nobody tells whether its start rotated away") };
    return { one, record: { ...record, cutOff: record.cutOff || starts.includes(one.number) } };
  });
}

const unreadWords = ({ pod, container }: ContainerRun, why: string): string => `${pod}/${container}: ${quoted(why)}`;

/** Numbers of the runs whose start rotated away; undefined when nobody tells now. */
async function cutStarts(inquiry: Inquiry, read: readonly ReadRun[]): Promise<readonly number[] | undefined> {
  try {
    return (await startsOf(inquiry, read)).flatMap(({ runs }) => runs?.first ?? []);
  } catch (error) {
    inquiry.signal.throwIfAborted();
    if (error instanceof Unread) return undefined;
    throw error;
  }
}

/** Writes the next segment of a run. @returns its record unless there is nothing new */
async function shipped(
  { api, store, network, nonce, beside }: Shipping,
  one: ContainerRun,
  { record: before, taken }: LastRecord,
  run: Run,
): Promise<{ readonly record?: SyncRecord; readonly evidence: ReadRun }> {
  const number = taken + 1;
  const folder = syncFolder(network) + runFolder(one);
  const { reading, first, content, isRotated } = await begun(api, one, before);
  const key = `${folder}${String(number).padStart(6, "0")}-${nonce}.log.zst`;
  const packed = first && (await packedInto(store, key, content));
  const evidence = { ...reading.evidence, isContinued: isBegun(before?.mark) };
  if (!packed && !one.ended && before) return { evidence }; // the first record also says that there is such a run
  const at = new Date(run.clock.now()).toISOString();
  const { from = at, last: to = at } = reading;
  const record: SyncRecord = {
    schema: 1,
    tag: network.tag,
    pod: one.pod,
    uid: one.uid,
    container: one.container,
    containers: beside,
    isStarter: one.isStarter,
    run: one.number,
    id: one.id,
    number,
    at,
    ...(packed && { segment: { key, bytes: packed.bytes, sha256: packed.sha256, content: packed.content, from, to } }),
    mark: reading.stand,
    cutOff: isRotated,
    ended: one.ended,
  };
  return { record, evidence };
}

interface Begun {
  readonly reading: LogReading;
  readonly isRotated: boolean;
  /** The first new bytes; undefined when there are none. */
  readonly first: Buffer | undefined;
  /** All new bytes. */
  readonly content: AsyncIterable<Buffer>;
}

/** Reads up to the first new byte. */
async function begun(api: ClusterApi, one: ContainerRun, before: SyncRecord | undefined): Promise<Begun> {
  const open = async (reading: LogReading, isRotated: boolean): Promise<Begun> => {
    const rest = reading.content();
    const next = await rest.next();
    const first = next.done ? undefined : next.value;
    const content = (async function* () {
      if (first) yield first;
      yield* rest;
    })();
    return { reading, isRotated, first, content };
  };
  try {
    return await open(new LogReading(api, one, before?.mark), false);
  } catch (error) {
    if (!(error instanceof Rotated)) throw error;
    return open(new LogReading(api, one), true);
  }
}

/** Writes a record. @returns false when another run was first, whose segment counts */
function isKept(store: Store, network: SyncedNetwork, record: SyncRecord): Promise<boolean> {
  const folder = syncFolder(network) + runFolder({ ...record, number: record.run });
  return putNew(store, recordKey(folder, record.number), `${JSON.stringify(record)}\n`);
}
