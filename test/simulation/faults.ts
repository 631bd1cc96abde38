/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALWAYS = Number.POSITIVE_INFINITY;
const STEPS = ["cluster", "config", "poet", "miner", "start", "bucket"] as const;

/**
 * Every kind of fault: how many times it strikes, and at which part, number or second. A person or the world's own
 * course has mended it before the deployment is run again.
 */
const KINDS = {
  // The deployment itself: `after` and `within` are parts of all steps, from 0 to 1; `at` is a second.
  "killed after a step's work": (draw) => ({ at: draw() }),
  "killed at a moment": (draw) => ({ at: 900 * draw() }),
  "interrupted at a moment": (draw) => ({ at: 900 * draw() }),
  // GKE and gcloud
  "cluster of somebody else": (draw) => ({ part: pick(draw, ["unmarked", "v9.9.9+9"]) }),
  "somebody else is faster": () => ({}),
  "leftover of ours": (draw) => ({ part: pick(draw, ["half-made", "unmarked", "provisioning", "stopping"]) }),
  "slow cluster": (draw) => ({ at: pick(draw, [900, 1700, 2500]) }),
  "cluster in error": () => ({}),
  "cluster under repair": (draw) => ({ at: 600 * draw() }),
  "gcloud cannot tell": (draw) => ({ times: pick(draw, [1, 3, ALWAYS]) }),
  "no credentials": (draw) => ({ times: pick(draw, [1, ALWAYS]) }),
  "gcloud does not delete": () => ({}),
  // The cluster's API server
  "API server is away": (draw) => ({ times: pick(draw, [1, 5, 30]) }),
  "API server answers 503": (draw) => ({ times: pick(draw, [1, 5, 30]) }),
  "mark is refused": () => ({ times: 1 }),
  // go-spacecraft
  "go-spacecraft fails": (draw) => ({ part: pick(draw, STEPS) }),
  "go-spacecraft hangs": (draw) => ({ part: pick(draw, STEPS) }),
  "go-spacecraft lies": (draw) => ({ part: pick(draw, ["nothing", "half"]) }),
  "go-spacecraft is called wrongly": () => ({}),
  "go-spacecraft cannot delete": () => ({}),
  "miner never ready": (draw) => ({ part: pick(draw, ["at once", "later"]) }),
  // The archive store
  "disk full": (draw) => ({ at: Math.floor(4 * draw()) }),
  // The node repository
  "repository unreachable": (draw) => ({ times: pick(draw, [1, ALWAYS]), at: Math.floor(8 * draw()) }),
  "lease lost": (draw) => ({ times: pick(draw, [1, 2, 3]) }),
  "push refused": () => ({ times: 1 }),
  // The network
  "dead poet": () => ({}),
  "late poet": (draw) => ({ at: pick(draw, [30, 90, 300]) }),
  "poet with other phases": () => ({}),
  "deaf node": () => ({}),
  "other genesis": () => ({}),
  "other version": () => ({}),
  "stalled network": () => ({}),
  "split network": () => ({}),
  // What Pulumi makes in the cluster
  "pod never ready": (draw) => ({ at: Math.floor(8 * draw()) }),
  "API server drops a request": (draw) => ({ times: pick(draw, [1, 3]), at: Math.floor(17 * draw()) }),
  "gateway without address": (draw) => ({ at: pick(draw, [60, 115, 300]) }),
  "gateway is slow to answer": (draw) => ({ at: pick(draw, [60, 115, 300]) }),
  "explorer of another network": () => ({}),
  // The edge and the zone
  "list is late": (draw) => ({ at: pick(draw, [40, 100, 400]) }),
  "edge answers 500": (draw) => ({ times: pick(draw, [1, 10, ALWAYS]) }),
  "edge answers HTML": (draw) => ({ times: pick(draw, [1, ALWAYS]) }),
  "names are late": (draw) => ({ at: pick(draw, [40, 100, 400]) }),
  "ownership record is late": () => ({ at: 40 }),
  "Cloudflare answers 429": (draw) => ({ times: pick(draw, [1, 2, 5]), at: Math.floor(9 * draw()) }),
  "Cloudflare answers 500": (draw) => ({ times: pick(draw, [1, 2, 5]), at: Math.floor(9 * draw()) }),
  "Cloudflare answers 403": (draw) => ({ times: ALWAYS, at: Math.floor(9 * draw()) }),
  "Cloudflare loses its answer": (draw) => ({ times: 1, at: Math.floor(9 * draw()) }),
} satisfies Record<string, (draw: () => number) => Partial<Details>>;

interface Details {
  /** How many times it strikes at most. */
  readonly times: number;
  readonly part: string;
  readonly at: number;
}

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[];

export interface Fault extends Details {
  readonly kind: FaultKind;
}

/** The faults of one launch, 0 to 3. */
export function drawFaults(seed: number): Fault[] {
  const draw = generator(seed);
  const count = Math.floor(4 * draw());
  return Array.from({ length: count }, () => fault(pick(draw, draw() < 0.15 ? ENDS : FAULT_KINDS), draw));
}

/** Drawn more often than the others, since they can come anywhere. */
const ENDS: readonly FaultKind[] = ["killed after a step's work", "killed at a moment", "interrupted at a moment"];

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
  private all: { fault: Fault; left: number; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.all = faults.map((one) => ({ fault: one, left: one.times, seen: 0 }));
  }

  /** A fault of a kind, if it is there. */
  get(kind: FaultKind): Fault | undefined {
    return this.all.find(({ fault: { kind: is } }) => is === kind)?.fault;
  }

  /**
   * Whether a fault of a kind strikes now; it has so many strikes, the first after `at` chances when they are counted.
   */
  strikes(kind: FaultKind, counted = false): boolean {
    const found = this.all.find(({ fault: { kind: is } }) => is === kind);
    if (!found || found.left <= 0 || (counted && found.seen++ < found.fault.at)) return false;
    found.left--;
    return true;
  }

  /** Mends everything. */
  mend(): void {
    this.all = [];
  }
}

const pick = <T>(draw: () => number, all: readonly T[]): T => all[Math.floor(draw() * all.length)] as T;
