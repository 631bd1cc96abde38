import { generator } from "../faults";

const ALWAYS = Number.POSITIVE_INFINITY;

interface Details {
  /** How many times it strikes at most. */
  readonly times: number;
  readonly part: string;
  /** A second, or how many calls go well before. */
  readonly at: number;
}

/** Every kind of fault that a network in a namespace may meet. A person or time has mended it before the next run. */
const KINDS = {
  // The run itself
  "killed after a call": (draw) => ({ at: Math.floor(45 * draw()) }),
  "killed at a moment": (draw) => ({ at: 60 * draw() }),
  "interrupted at a moment": (draw) => ({ at: 60 * draw() }),
  "another run at once": (draw) => ({ at: 20 * draw() }),
  // What is there before
  "namespace of somebody else": (draw) => ({ part: pick(draw, ["unmarked", "v9.9.9+9"]) }),
  "somebody else is faster": () => ({}),
  "leftover of ours": (draw) => ({ part: pick(draw, ["empty", "keys", "half-made", "late", "stopping"]) }),
  "made in another cluster": () => ({}),
  "complete, and a node is gone": () => ({}),
  // The cluster
  "cluster too old": () => ({}),
  "cluster too small": () => ({}),
  "quota too small": () => ({}),
  "machines not to be listed": () => ({}),
  "namespaces not to be created": () => ({}),
  "right is missing": (draw) => ({ part: pick(draw, ["networkpolicies", "pods/log", "nodes"]) }),
  "namespace is held": () => ({}),
  // The API server
  "API server is away": (draw) => ({ times: pick(draw, [1, 5, 30]), at: Math.floor(60 * draw()) }),
  "API server answers 503": (draw) => ({ times: pick(draw, [1, 5, 30]), at: Math.floor(60 * draw()) }),
  "API server answers 429": (draw) => ({ times: pick(draw, [1, 5]), at: Math.floor(60 * draw()) }),
  "API server loses its answer": (draw) => ({ times: pick(draw, [1, 3]), at: Math.floor(60 * draw()) }),
  // The pods
  "pods never ready": (draw) => ({ part: pick(draw, ["poet", "miner", "bootstrap"]) }),
  "slow images": (draw) => ({ at: pick(draw, [50, 100, 250, 500]) }),
  "other genesis": () => ({}),
  "node without peers": () => ({}),
  "node does not answer": (draw) => ({ times: pick(draw, [1, 20, ALWAYS]) }),
  // The archive store
  "disk full": () => ({ times: 1 }),
} satisfies Record<string, (draw: () => number) => Partial<Details>>;

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[];

export interface Fault extends Details {
  readonly kind: FaultKind;
}

/** The faults of one launch, 0 to 3. */
export function drawFaults(seed: number): Fault[] {
  const draw = generator(seed);
  const count = Math.floor(4 * draw());
  return Array.from({ length: count }, () => fault(pick(draw, draw() < 0.2 ? ENDS : FAULT_KINDS), draw));
}

/** Drawn more often than the others, since they can come anywhere. */
const ENDS: readonly FaultKind[] = ["killed after a call", "killed at a moment", "interrupted at a moment"];

/** One fault of a kind. */
export const fault = (kind: FaultKind, draw: () => number): Fault => ({
  kind,
  times: ALWAYS,
  part: "",
  at: 0,
  ...KINDS[kind](draw),
});

/** The faults that are in the world now. */
export class Faults {
  private all: { readonly fault: Fault; left: number; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.all = faults.map((one) => ({ fault: one, left: one.times, seen: 0 }));
  }

  get(kind: FaultKind): Fault | undefined {
    return this.all.find(({ fault: { kind: is } }) => is === kind)?.fault;
  }

  /** Whether a fault strikes now. It lets so many chances go by first. */
  strikes(kind: FaultKind): boolean {
    const found = this.all.find(({ fault: { kind: is } }) => is === kind);
    if (!found || found.left <= 0 || found.seen++ < found.fault.at) return false;
    found.left--;
    return true;
  }

  /** Mends everything. */
  mend(): void {
    this.all = [];
  }
}

const pick = <T>(draw: () => number, all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T;
