import type { V1Container, V1ContainerState, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { type MadeGap, quoted } from "./gaps";

/** One run of a container, from a start to its end, whose log the cluster may have. */
export interface ContainerRun {
  readonly pod: string;
  /** Uid of the pod: another pod may have its name later. */
  readonly uid: string;
  readonly container: string;
  /** Whether the container runs once, at the start of its pod. */
  readonly isStarter: boolean;
  /** The restarts before it: 0 for the first run. */
  readonly number: number;
  /** Id that the container runtime gave it, `containerd://...`. */
  readonly id: string;
  /** Whether the log is asked for as that of the run before the last restart. */
  readonly previous: boolean;
  /** RFC 3339; absent when the cluster does not tell. */
  readonly startedAt?: string;
  /** Whether the run is over, so that its log is complete. */
  readonly ended: boolean;
}

/** A pod with what the cluster may have of its logs. */
export interface PodRuns {
  readonly pod: string;
  readonly uid: string;
  readonly node?: string;
  /** Names of its containers in the order in which they are archived, those for its start first. */
  readonly containers: readonly string[];
  /** Names of those that run once, at its start. */
  readonly starters: readonly string[];
  readonly runs: readonly ContainerRun[];
  /** The runs that there were of each container, by their number. */
  readonly counted: Readonly<Record<string, number>>;
  readonly gaps: readonly MadeGap[];
}

/**
 * The runs of a pod's containers, as its status tells. A container that never ran has no log: the API refuses the request,
 * as the kubelet does (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus). The kubelet keeps the current run and the
 * one before it.
 */
export function runsOf({ metadata, spec, status }: V1Pod): PodRuns {
  const pod = metadata?.name ?? "";
  const uid = metadata?.uid ?? pod;
  const statuses = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  const starters = (spec?.initContainers ?? []).filter(isOnce).map(({ name }) => name);
  const perContainer = statuses.map((one) => ({
    name: one.name,
    ...runsOfContainer({ pod, uid, isStarter: starters.includes(one.name) }, one),
  }));
  const declared = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  // A pod that a node refused has no start; one that ran and was evicted may have lost the status of its containers.
  const isBare = status?.phase === "Failed" && status.startTime !== undefined && statuses.length === 0;
  const saw = quoted([status?.reason, status?.message].filter(Boolean).join(": "));
  const evicted = isBare
    ? declared.map(({ name }): MadeGap => ({ kind: "evicted", pod, container: name, ...(saw !== "" && { saw }) }))
    : [];
  return {
    pod,
    uid,
    ...(spec?.nodeName !== undefined && { node: spec.nodeName }),
    containers: statuses.map(({ name }) => name),
    starters,
    runs: perContainer.flatMap(({ runs }) => runs),
    counted: Object.fromEntries(perContainer.map(({ name, count }) => [name, count])),
    gaps: [...evicted, ...perContainer.flatMap(({ gaps }) => gaps)],
  };
}

/** An init container runs once, unless it is a sidecar. */
const isOnce = ({ restartPolicy }: V1Container): boolean => restartPolicy !== "Always";

interface RunsOfContainer {
  readonly runs: readonly ContainerRun[];
  readonly gaps: readonly MadeGap[];
  readonly count: number;
}

function runsOfContainer(
  pod: Pick<ContainerRun, "pod" | "uid" | "isStarter">,
  { name, state, lastState, restartCount = 0, containerID }: V1ContainerStatus,
): RunsOfContainer {
  const shared = { ...pod, container: name };
  const before = endedRun(lastState);
  const now = state?.running ? { id: containerID ?? "", ...startOf(state.running.startedAt) } : endedRun(state);
  const earlier = before && {
    ...shared,
    ...before,
    number: Math.max(0, restartCount - 1),
    previous: true,
    ended: true,
  };
  if (now) {
    const latest = { ...shared, ...now, number: restartCount, previous: false, ended: !state?.running };
    return { runs: earlier ? [earlier, latest] : [latest], gaps: [], count: restartCount + 1 };
  }
  const gaps = lostRun(shared, state, restartCount);
  if (gaps.length > 0) {
    return { runs: earlier ? [earlier] : [], gaps, count: restartCount };
  }
  // It waits for its restart: the run before is the latest one, and the kubelet gives its log for both requests.
  if (before) {
    const latest = { ...shared, ...before, number: restartCount, previous: false, ended: true };
    return { runs: [latest], gaps: [], count: restartCount + 1 };
  }
  return { runs: [], gaps: [], count: restartCount > 0 ? restartCount + 1 : 0 };
}

/** A run that ended. One without a container id left nothing, not even a log. */
function endedRun(state: V1ContainerState | undefined): Pick<ContainerRun, "id" | "startedAt"> | undefined {
  const { containerID, startedAt } = state?.terminated ?? {};
  return containerID ? { id: containerID, ...startOf(startedAt) } : undefined;
}

/** The API gives times as text, unlike the types of its client. */
const startOf = (time: Date | string | undefined): { startedAt?: string } =>
  time === undefined || Number.isNaN(new Date(time).getTime()) ? {} : { startedAt: new Date(time).toISOString() };

/** The gap of a run that the kubelet lost. It says so of a run that it had seen (convertToAPIContainerStatuses). */
function lostRun(
  { pod, container }: Pick<ContainerRun, "pod" | "container">,
  state: V1ContainerState | undefined,
  number: number,
): MadeGap[] {
  const { terminated } = state ?? {};
  if (!terminated || terminated.containerID) return [];
  const hasRun = number > 0 || /used to be Running/.test(terminated.message ?? "");
  const saw = quoted([terminated.reason, terminated.message].filter(Boolean).join(": "));
  const runs = { first: number, last: number };
  return hasRun ? [{ kind: "lost", pod, container, runs, ...(saw !== "" && { saw }) }] : [];
}
