import type { V1ContainerStatus, V1Pod, V1PodCondition, V1PodStatus } from "@kubernetes/client-node";

/** A pod as its runner sees it. */
export interface PodReport {
  readonly pod: V1Pod;
  /** Kubernetes' address of the pod, 10.N.a.b. */
  readonly podAddress: string;
  readonly hostAddress: string;
  readonly startTime: Date;
  readonly containers: readonly V1ContainerStatus[];
  /** The conditions reported last. Their times stay valid while their status stays. */
  readonly conditions: readonly V1PodCondition[];
}

/** The status of a pod as the kubelet would report it (kubernetes pkg/kubelet/status/generate.go). */
export function podStatus(report: PodReport, now: Date): V1PodStatus {
  const { pod, podAddress, hostAddress, startTime, containers } = report;
  const phase = phaseOf(containers, pod.spec?.restartPolicy ?? "Always");
  const isStarted = containers.some(({ state }) => state?.running || state?.terminated);
  return {
    phase,
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(isStarted ? { podIP: podAddress, podIPs: [{ ip: podAddress }] } : {}),
    startTime,
    containerStatuses: [...containers],
    conditions: conditionsOf(report, phase, now),
  };
}

type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

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
  { pod, containers, conditions, startTime }: PodReport,
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
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const current: V1PodCondition[] = [
    { type: "PodReadyToStartContainers", status: isOver ? "False" : "True" },
    { type: "Initialized", status: "True" },
    { type: "Ready", ...readiness },
    { type: "ContainersReady", ...readiness },
    scheduled ?? { type: "PodScheduled", status: "True", lastTransitionTime: startTime },
  ];
  return current.map((condition) => {
    const before = conditions.find(({ type, status }) => type === condition.type && status === condition.status);
    return { ...condition, lastTransitionTime: condition.lastTransitionTime ?? before?.lastTransitionTime ?? now };
  });
}
