import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { grouped } from "../base/lib/grouped";
import { type ContainerRun, type PodRuns, runsOf } from "./container-runs";
import type { MadeGap } from "./gaps";
import type { SyncRecord } from "./sync-record";

/** One run of a container: what was shipped of its log, and what the cluster may have. */
export interface RunPlan {
  readonly uid: string;
  readonly number: number;
  /** In the order of their numbers. */
  readonly records: readonly SyncRecord[];
  readonly live?: ContainerRun;
}

export interface ContainerPlan {
  readonly name: string;
  /** Oldest first. */
  readonly runs: readonly RunPlan[];
}

/** What to archive of a pod's logs, and what is known to be missing before anything is read. */
export interface PodPlan {
  readonly pod: string;
  readonly node?: string;
  readonly containers: readonly ContainerPlan[];
  readonly gaps: readonly MadeGap[];
}

/** What is known of the pods of a network. */
export interface KnownPods {
  /** Absent when the cluster cannot be asked. */
  readonly pods: readonly V1Pod[] | undefined;
  readonly records: readonly SyncRecord[];
}

/** What to archive of each pod: first those of the cluster in its order, then those that only shipped logs tell of. */
export function planOf({ pods, records }: KnownPods): PodPlan[] {
  const present = (pods ?? []).map(runsOf);
  const byName = grouped(records, ({ pod }) => pod);
  const gone = [...byName.keys()].filter((name) => !present.some(({ pod }) => pod === name)).sort();
  return [
    ...present.map((one) => planOfPod(one, byName.get(one.pod) ?? [])),
    ...gone.map((pod) => planOfPod({ pod, ...NOTHING }, byName.get(pod) ?? [])).map(pods ? same : unread),
  ];
}

const same = (plan: PodPlan): PodPlan => plan;

/** Of a cluster that cannot be asked nobody knows what is gone. */
const unread = ({ gaps, ...plan }: PodPlan): PodPlan => ({
  ...plan,
  gaps: gaps.map((gap) => (gap.kind === "unseen" ? { ...gap, kind: "unread" } : gap)),
});

const NOTHING = { uid: "", containers: [], starters: [], runs: [], counted: {}, gaps: [] };

function planOfPod(pod: PodRuns, records: readonly SyncRecord[]): PodPlan {
  const names = [...new Set([...pod.containers, ...records.flatMap(({ containers }) => containers)])];
  const gaps = pod.gaps.flatMap((gap) => (gap.kind === "evicted" ? evicted(gap, pod, records) : gap));
  const containers = names.map((name) => {
    const own = records.filter(({ container }) => container === name);
    const live = pod.runs.filter(({ container }) => container === name);
    const runs = runsTogether(own, live, pod.uid);
    gaps.push(...missingRuns({ pod: pod.pod, container: name }, runs, pod));
    if (isUnknown(name, pod, records)) gaps.push({ kind: "unseen", pod: pod.pod, container: name });
    return { name, runs };
  });
  return { pod: pod.pod, ...(pod.node !== undefined && { node: pod.node }), containers, gaps };
}

/** Whether a container ran in an earlier pod of the name, and nothing of it was shipped: a record may be missing after a kill. */
const isUnknown = (name: string, { uid }: PodRuns, records: readonly SyncRecord[]): boolean =>
  [...grouped(records, (record) => record.uid)].some(
    ([one, own]) =>
      one !== uid &&
      own.some(({ containers }) => containers.includes(name)) &&
      !own.some(({ container }) => container === name),
  );

/**
 * An eviction leaves what was shipped before. Nobody knows how often a container restarted since, unless it was one that
 * runs once, at the start of its pod.
 */
function evicted(gap: MadeGap, { uid, starters }: PodRuns, records: readonly SyncRecord[]): MadeGap[] {
  const own = records
    .filter((record) => record.uid === uid && record.container === gap.container)
    .sort((a, b) => a.run - b.run || a.number - b.number);
  if (own.at(-1)?.ended && starters.includes(gap.container ?? "")) return [];
  const from = own.findLast(({ segment }) => segment)?.segment?.to;
  return [{ ...gap, ...(from !== undefined && { from }) }];
}

/** The runs of a container, those of earlier pods of the same name first. */
function runsTogether(records: readonly SyncRecord[], live: readonly ContainerRun[], uid: string): RunPlan[] {
  const keyOf = (run: { uid: string; id: string }, number: number) => JSON.stringify([run.uid, number, run.id]);
  const shipped = grouped(records, (record) => keyOf(record, record.run));
  const alive = new Map(live.map((run) => [keyOf(run, run.number), run]));
  const runs = [...new Set([...shipped.keys(), ...alive.keys()])].map((key): RunPlan & { since: number } => {
    const own = [...(shipped.get(key) ?? [])].sort((a, b) => a.number - b.number);
    const now = alive.get(key);
    const [first] = own;
    return {
      uid: first?.uid ?? now?.uid ?? "",
      number: first?.run ?? now?.number ?? 0,
      records: own,
      ...(now && { live: now }),
      since: Date.parse(first?.segment?.from ?? first?.at ?? now?.startedAt ?? "") || 0,
    };
  });
  const age = ({ uid: one }: RunPlan) => (one === uid ? 1 : 0);
  return runs
    .sort((a, b) => age(a) - age(b) || (a.uid === b.uid ? a.number - b.number : a.since - b.since) || a.since - b.since)
    .map(({ since: _, ...run }) => run);
}

/** Runs that are gone, whole or from the last line on that was shipped. */
function missingRuns(
  place: { readonly pod: string; readonly container: string },
  runs: readonly RunPlan[],
  { uid, counted, gaps: known }: PodRuns,
): MadeGap[] {
  const gaps: MadeGap[] = [];
  for (const [one, its] of grouped(runs, (run) => run.uid)) {
    const numbers = new Set(its.map(({ number }) => number));
    const count = Math.max(one === uid ? (counted[place.container] ?? 0) : 0, ...[...numbers].map((last) => last + 1));
    gaps.push(...stretches(count, numbers).map((stretch): MadeGap => ({ kind: "runs", ...place, runs: stretch })));
  }
  if (!runs.some((run) => run.uid === uid)) {
    const none = stretches(counted[place.container] ?? 0, new Set());
    gaps.push(...none.map((stretch): MadeGap => ({ kind: "runs", ...place, runs: stretch })));
  }
  const isEvicted = known.some(({ kind, container }) => kind === "evicted" && container === place.container);
  for (const [one, its] of grouped(runs, (run) => run.uid)) {
    for (const [index, { number, records, live }] of its.entries()) {
      const last = records.at(-1);
      const isLatest = index === its.length - 1;
      if (live || !last || (isEvicted && one === uid && isLatest)) continue;
      // Of a pod that is gone nobody knows how often a container restarted after the run that was shipped last.
      const isUntold = one !== uid && isLatest && !last.isStarter;
      if (last.ended && !isUntold) continue;
      const from = records.findLast(({ segment }) => segment)?.segment?.to;
      const numbers = isUntold ? {} : { runs: { first: number, last: number } };
      gaps.push({ kind: "unseen", ...place, ...numbers, ...(from !== undefined && { from }) });
    }
  }
  return gaps;
}

/** The numbers below a count that are not taken, as stretches. */
function stretches(count: number, taken: ReadonlySet<number>): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (let number = 0; number < count; number += 1) {
    if (taken.has(number)) continue;
    const open = found.at(-1);
    if (open?.last === number - 1) open.last = number;
    else found.push({ first: number, last: number });
  }
  return found;
}

/** Pods that started a container, by the cluster's events of the last hour, and of which nothing is left. */
export function unseenPods(events: readonly CoreV1Event[], { pods = [], records }: KnownPods): MadeGap[] {
  const known = new Set([...pods.map(runsOf), ...records].map(({ uid }) => uid));
  const started = events.filter(({ reason, involvedObject }) => reason === "Started" && involvedObject?.kind === "Pod");
  const names = new Map<string, string>();
  for (const { involvedObject: { name, uid = name } = {} } of started)
    if (name !== undefined && uid !== undefined && !known.has(uid)) names.set(uid, name);
  return [...names.values()].map((pod) => ({ kind: "unseen", pod }));
}
