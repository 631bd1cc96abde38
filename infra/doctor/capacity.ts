import type { Machine, ScheduledPod } from "../base/clients/kubernetes/readiness";
import { sameKnown } from "../base/lib/same-known";
import { quantityIn } from "../base/model/quantity";
import { type Finding, fail, ok, warn } from "./check";
import { coresText, type Demand, type Share, sizeText, sumOf } from "./demand";

const NAME = "cluster.resources";

/** What a machine has, or has left. */
interface Space {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** Taints that keep pods without a toleration away, such as those of a control plane. */
const REPELLING = ["NoSchedule", "NoExecute"];

/**
 * Judges whether a cluster can hold a network.
 * @param pods what runs there; undefined when we may not know
 */
export function judgeCapacity(
  demands: readonly Demand[],
  machines: readonly Machine[],
  pods: readonly ScheduledPod[] | undefined,
): Finding[] {
  const usable = machines.filter(takesPods);
  if (usable.length === 0) return [fail(NAME, "the cluster has no machine that takes pods", "Add machines")];
  const whole = usable.map(allocatableOf);
  const never = [...shortages(demands, whole, "has"), ...tooLarge(demands, whole)];
  if (never.length > 0) return never.map((what) => fail(NAME, what, LESS));
  const wanted = textOf(sumOf(demands));
  const of = `${usable.length} machines`;
  if (pods === undefined)
    return [
      ok(NAME, `the network wants ${wanted}, ${of} have ${textOf(total(whole))}`, "what other pods take of that"),
    ];
  const free = usable.map((machine, i) =>
    left(
      whole[i] as Space,
      pods.filter(({ spec }) => sameKnown(spec.nodeName, machine.metadata.name)),
    ),
  );
  const now = shortages(demands, free, "has free");
  if (now.length > 0) return now.map((what) => warn(NAME, what, MORE));
  if (!fits(demands, free))
    return [warn(NAME, `the network wants ${wanted}, and what is free on ${of} is in pieces too small for it`, MORE)];
  return [ok(NAME, `the network wants ${wanted}, ${of} have ${textOf(total(free))} free`)];
}

const LESS = "Add machines, or lower smeshnet:miners or smeshnet:resources";
const MORE = "Add machines, remove other pods, or let the cluster's autoscaler add machines";

const takesPods = ({ spec }: Machine): boolean =>
  spec.unschedulable !== true && !(spec.taints ?? []).some(({ effect }) => REPELLING.includes(effect));

/** Kubernetes lets 110 pods run on a machine unless told (kubelet, maxPods). */
const MOST_PODS = "110";

function allocatableOf({ status }: Machine): Space {
  const { cpu = "0", memory = "0", pods = MOST_PODS } = status.allocatable ?? {};
  return { cpu: quantityIn(cpu) ?? 0, memory: quantityIn(memory) ?? 0, pods: quantityIn(pods) ?? 0 };
}

const left = (space: Space, pods: readonly ScheduledPod[]): Space =>
  pods.reduce((rest, pod) => minus(rest, requestsOf(pod)), space);

const minus = (space: Space, taken: Pick<Share, "cpu" | "memory">): Space => ({
  cpu: Math.max(0, space.cpu - taken.cpu),
  memory: Math.max(0, space.memory - taken.memory),
  pods: Math.max(0, space.pods - 1),
});

type Requests = Pick<Share, "cpu" | "memory">;

/**
 * What the scheduler counts for a pod (Kubernetes docs, Sidecar Containers): its containers and sidecars together, or an
 * init container with the sidecars if that is more, and the overhead.
 */
export function requestsOf({ spec }: ScheduledPod): Requests {
  const of = ({ resources }: ScheduledPod["spec"]["containers"][number]): Requests => parsed(resources?.requests ?? {});
  const inits = spec.initContainers ?? [];
  const isSidecar = ({ restartPolicy }: (typeof inits)[number]): boolean => restartPolicy === "Always";
  const sidecars = plus(...inits.filter(isSidecar).map(of));
  const running = plus(sidecars, ...spec.containers.map(of));
  const starting = inits.filter((one) => !isSidecar(one)).map((one) => plus(sidecars, of(one)));
  const most = [running, ...starting].reduce((a, b) => ({
    cpu: Math.max(a.cpu, b.cpu),
    memory: Math.max(a.memory, b.memory),
  }));
  return plus(most, parsed(spec.overhead ?? {}));
}

const parsed = ({ cpu = "0", memory = "0" }: Readonly<Record<string, string>>): Requests => ({
  cpu: quantityIn(cpu) ?? 0,
  memory: quantityIn(memory) ?? 0,
});

const plus = (...all: readonly Requests[]): Requests => ({
  cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
  memory: all.reduce((sum, { memory }) => sum + memory, 0),
});

const total = (spaces: readonly Space[]): Space => ({
  ...plus(...spaces),
  pods: spaces.reduce((sum, { pods }) => sum + pods, 0),
});

/** What a network wants more of than there is, a phrase each. */
function shortages(demands: readonly Demand[], spaces: readonly Space[], has: string): string[] {
  const [wanted, there] = [sumOf(demands), total(spaces)];
  const lines = [
    wanted.cpu > there.cpu && `the network wants ${coresText(wanted.cpu)}, the cluster ${has} ${coresText(there.cpu)}`,
    wanted.memory > there.memory &&
      `the network wants ${sizeText(wanted.memory)} of memory, the cluster ${has} ${sizeText(there.memory)}`,
    wanted.pods > there.pods && `the network wants ${wanted.pods} pods, the cluster ${has} room for ${there.pods}`,
  ];
  return lines.filter((line) => line !== false);
}

/** Pods that no single machine can hold, a phrase each. */
const tooLarge = (demands: readonly Demand[], spaces: readonly Space[]): string[] =>
  demands
    .filter(({ each }) => !spaces.some((space) => holds(space, each)))
    .map(
      ({ what, each }) =>
        `one ${what} wants ${coresText(each.cpu)} and ${sizeText(each.memory)}, and no machine is so large`,
    );

const holds = (space: Space, { cpu, memory }: Share): boolean =>
  space.cpu >= cpu && space.memory >= memory && space.pods >= 1;

/** Whether the pods fit, the largest first, each onto the first machine that holds it. */
function fits(demands: readonly Demand[], spaces: readonly Space[]): boolean {
  const rest = [...spaces];
  const pods = demands.flatMap(({ pods, each }) => Array.from({ length: pods }, () => each));
  return [...pods]
    .sort((a, b) => b.cpu - a.cpu)
    .every((pod) => {
      const at = rest.findIndex((space) => holds(space, pod));
      if (at >= 0) rest[at] = minus(rest[at] as Space, pod);
      return at >= 0;
    });
}

const textOf = ({ cpu, memory, pods }: Space): string => `${coresText(cpu)}, ${sizeText(memory)} and ${pods} pods`;
