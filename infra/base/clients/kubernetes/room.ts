import { sameKnown } from "../../lib/same-known";
import { type Demand, type Share, sumOf } from "../../model/demand";
import { coresText, quantityIn, sizeText } from "../../model/quantity";

type Quantities = Readonly<Record<string, string>>;

/** A machine of a cluster (core/v1, Node), as far as it tells how many pods it can hold. */
export interface Machine {
  readonly metadata?: { readonly name?: string } | null;
  readonly spec?: {
    readonly unschedulable?: boolean | null;
    readonly taints?: readonly { readonly key?: string; readonly effect: string }[] | null;
  } | null;
  readonly status?: { readonly allocatable?: Quantities | null } | null;
}

interface Container {
  readonly resources?: { readonly requests?: Quantities | null } | null;
  readonly restartPolicy?: string | null;
}

/** A pod of a cluster (core/v1, Pod), as far as it tells what it takes of a machine. */
export interface TakingPod {
  readonly spec?: {
    readonly nodeName?: string | null;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[] | null;
    readonly overhead?: Quantities | null;
  } | null;
  readonly status?: { readonly phase?: string } | null;
}

/** What a machine has, or has left. */
export interface Space {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** How a network fits into a cluster. */
export interface Room {
  /** Machines that take pods. */
  readonly machines: number;
  readonly wanted: Space;
  readonly whole: Space;
  /** What other pods leave; undefined where nobody may know. */
  readonly free: Space | undefined;
  /** What these machines can never hold, a phrase each. */
  readonly never: readonly string[];
  /** What other pods take away now, a phrase each; empty when something can never be held. */
  readonly now: readonly string[];
  /** Whether what is free would do, and is in pieces too small for the pods. */
  readonly isInPieces: boolean;
}

/**
 * How a network fits into a cluster. Doctor and driver judge by it, so that they never disagree.
 * @param pods what runs there; undefined when we may not know
 */
export function roomFor(
  demands: readonly Demand[],
  machines: readonly Machine[],
  pods: readonly TakingPod[] | undefined,
): Room {
  const usable = machines.filter(takesPods);
  const spaces = usable.map(allocatableOf);
  const never = [...shortages(demands, spaces, "has"), ...tooLarge(demands, spaces)];
  const rest = pods && usable.map((machine, i) => left(spaces[i] as Space, podsOn(machine, pods)));
  const now = never.length > 0 || !rest ? [] : shortages(demands, rest, "has free");
  const { cpu, memory, pods: count } = sumOf(demands);
  return {
    machines: usable.length,
    wanted: { cpu, memory, pods: count },
    whole: total(spaces),
    free: rest && total(rest),
    ...{ never, now },
    isInPieces: never.length === 0 && now.length === 0 && rest !== undefined && !fits(demands, rest),
  };
}

/** Taints that keep pods without a toleration away, such as those of a control plane. */
const REPELLING = ["NoSchedule", "NoExecute"];

const takesPods = ({ spec }: Machine): boolean =>
  spec?.unschedulable !== true && !(spec?.taints ?? []).some(({ effect }) => REPELLING.includes(effect));

/** Kubernetes lets 110 pods run on a machine unless told (kubelet, maxPods). */
const MOST_PODS = "110";

function allocatableOf({ status }: Machine): Space {
  const { cpu = "0", memory = "0", pods = MOST_PODS } = status?.allocatable ?? {};
  return { cpu: quantityIn(cpu) ?? 0, memory: quantityIn(memory) ?? 0, pods: quantityIn(pods) ?? 0 };
}

/** Phases of pods that take nothing of a machine any more. */
const OVER = ["Succeeded", "Failed"];

const podsOn = ({ metadata }: Machine, pods: readonly TakingPod[]): TakingPod[] =>
  pods.filter(
    ({ spec, status }) =>
      sameKnown(spec?.nodeName ?? undefined, metadata?.name) && !OVER.includes(status?.phase ?? "Running"),
  );

const left = (space: Space, pods: readonly TakingPod[]): Space =>
  pods.reduce((rest, pod) => minus(rest, requestsOf(pod)), space);

type Requests = Pick<Share, "cpu" | "memory">;

const minus = (space: Space, taken: Requests): Space => ({
  cpu: Math.max(0, space.cpu - taken.cpu),
  memory: Math.max(0, space.memory - taken.memory),
  pods: Math.max(0, space.pods - 1),
});

/**
 * What the scheduler counts for a pod (Kubernetes docs, Sidecar Containers): its containers and sidecars together, or an
 * init container with the sidecars if that is more, and the overhead.
 */
export function requestsOf({ spec }: TakingPod): Requests {
  const of = ({ resources }: Container): Requests => parsed(resources?.requests ?? {});
  const inits = spec?.initContainers ?? [];
  const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === "Always";
  const sidecars = plus(...inits.filter(isSidecar).map(of));
  const running = plus(sidecars, ...(spec?.containers ?? []).map(of));
  const starting = inits.filter((one) => !isSidecar(one)).map((one) => plus(sidecars, of(one)));
  const most = [running, ...starting].reduce((a, b) => ({
    cpu: Math.max(a.cpu, b.cpu),
    memory: Math.max(a.memory, b.memory),
  }));
  return plus(most, parsed(spec?.overhead ?? {}));
}

const parsed = ({ cpu = "0", memory = "0" }: Quantities): Requests => ({
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
  const pods = demands.flatMap(({ pods: count, each }) => Array.from({ length: count }, () => each));
  return [...pods]
    .sort((a, b) => b.cpu - a.cpu)
    .every((pod) => {
      const at = rest.findIndex((space) => holds(space, pod));
      if (at >= 0) rest[at] = minus(rest[at] as Space, pod);
      return at >= 0;
    });
}

/** `6.7 cores, 8.3 GiB and 14 pods`. */
export const spaceText = ({ cpu, memory, pods }: Space): string =>
  `${coresText(cpu)}, ${sizeText(memory)} and ${pods} pods`;
