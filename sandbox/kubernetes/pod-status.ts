import type { V1ContainerStatus, V1Pod, V1PodCondition, V1PodStatus } from "@kubernetes/client-node";

/** A pod as its runner sees it. */
export interface PodReport {
  readonly pod: V1Pod;
  /** Kubernetes' address of the pod, 10.N.a.b. */
  readonly podAddress: string;
  readonly hostAddress: string;
  readonly startTime: Date;
  /** In the order of their start; absent for a pod without any. */
  readonly initContainers?: readonly V1ContainerStatus[];
  readonly containers: readonly V1ContainerStatus[];
  /** The conditions reported last. Their times stay valid while their status stays. */
  readonly conditions: readonly V1PodCondition[];
}

/** The status of a pod as the kubelet would report it (kubernetes pkg/kubelet/status/generate.go). */
export function podStatus(report: PodReport, now: Date): V1PodStatus {
  const { pod, podAddress, hostAddress, startTime, initContainers = [], containers } = report;
  const restartPolicy = pod.spec?.restartPolicy ?? "Always";
  const phase = initPhaseOf(initContainers, restartPolicy) ?? phaseOf(containers, restartPolicy);
  const isStarted = [...initContainers, ...containers].some(({ state }) => state?.running || state?.terminated);
  return {
    phase,
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(isStarted ? { podIP: podAddress, podIPs: [{ ip: podAddress }] } : {}),
    startTime,
    ...(initContainers.length > 0 ? { initContainerStatuses: [...initContainers] } : {}),
    containerStatuses: [...containers],
    conditions: conditionsOf(report, phase, now),
  };
}

type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

/** The phase of a pod whose init containers are not done; undefined when they are. */
function initPhaseOf(initContainers: readonly V1ContainerStatus[], restartPolicy: string): Phase | undefined {
  if (initContainers.every(({ ready }) => ready)) return undefined;
  const hasFailed = initContainers.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return hasFailed && restartPolicy === "Never" ? "Failed" : "Pending";
}

function phaseOf(containers: readonly V1ContainerStatus[], restartPolicy: string): Phase {
  const ended = containers.flatMap(({ state }) => state?.terminated ?? []);
  if (ended.length === containers.length && restartPolicy !== "Always") {
    const isFailed = ended.some(({ exitCode }) => exitCode !== 0);
    if (!isFailed) return "Succeeded";
    if (restartPolicy === "Never") return "Failed";
  }
  const hasRun = containers.every(({ state, lastState }) => !state?.waiting || lastState?.terminated);
  return hasRun ? "Running" : "Pending";
}

function conditionsOf(
  { pod, initContainers = [], containers, conditions, startTime }: PodReport,
  phase: Phase,
  now: Date,
): V1PodCondition[] {
  const isOver = phase === "Succeeded" || phase === "Failed";
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const readiness =
    unready.length === 0
      ? { status: "True" }
      : isOver
        ? { status: "False", reason: phase === "Succeeded" ? "PodCompleted" : "PodFailed" }
        : {
            status: "False",
            reason: "ContainersNotReady",
            message: `containers with unready status: [${unready.join(" ")}]`,
          };
  const incomplete = initContainers.filter(({ ready }) => !ready).map(({ name }) => name);
  const initialized =
    incomplete.length === 0
      ? { status: "True" }
      : {
          status: "False",
          reason: "ContainersNotInitialized",
          message: `containers with incomplete status: [${incomplete.join(" ")}]`,
        };
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const current: V1PodCondition[] = [
    { type: "PodReadyToStartContainers", status: isOver ? "False" : "True" },
    { type: "Initialized", ...initialized },
    { type: "Ready", ...readiness },
    { type: "ContainersReady", ...readiness },
    scheduled ?? { type: "PodScheduled", status: "True", lastTransitionTime: startTime },
  ];
  return current.map((condition) => {
    const before = conditions.find(({ type, status }) => type === condition.type && status === condition.status);
    return { ...condition, lastTransitionTime: condition.lastTransitionTime ?? before?.lastTransitionTime ?? now };
  });
}
