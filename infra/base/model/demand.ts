import type { KubernetesSpec } from "./network-spec";
import { quantityIn } from "./quantity";

/** What one pod asks for: cores, and bytes of memory and disk. */
export interface Share {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
}

/** Pods of one kind that a network asks a cluster for. */
export interface Demand {
  readonly what: "node" | "poet" | "services";
  readonly pods: number;
  readonly each: Share;
}

/** What decides the size of a network. */
export interface Sized extends Pick<KubernetesSpec, "resources" | "storageClass"> {
  readonly miners: number;
  readonly poets: number;
}

/**
 * What stands around nodes and poets: explorer, dashboard, gateway, tap, and the server of the first beacon. All their
 * requests together fit into half a core and 1 GiB (components/version/confined.ts), and their limits into `limits`.
 * Unit tests add them up.
 */
export const AROUND = {
  ...{ pods: 10, cpu: 0.5, memory: 2 ** 30 },
  limits: { cpu: 4, memory: 2.5 * 2 ** 30 },
  deployments: 5,
  services: 7,
} as const;

/** The tap keeps its journal on a disk where nodes have disks (components/version/tap.ts). */
const JOURNAL = 2 ** 30;

/** What a network asks of a cluster. The doctor prints this bill, and the driver demands it. */
export function demandOf({ miners, poets, resources, storageClass }: Sized): Demand[] {
  const { pods, cpu, memory } = AROUND;
  const share = (of: Sized["resources"]["node"]): Share => ({
    cpu: quantityIn(of.cpu) ?? 0,
    memory: quantityIn(of.memory) ?? 0,
    disk: storageClass === "none" ? 0 : (quantityIn(of.disk) ?? 0),
  });
  const disk = (storageClass === "none" ? 0 : JOURNAL) / pods;
  return [
    { what: "node", pods: miners, each: share(resources.node) },
    { what: "poet", pods: poets, each: share(resources.poet) },
    { what: "services", pods, each: { cpu: cpu / pods, memory: memory / pods, disk } },
  ];
}

/** Pods of a kind, or of all kinds, and what they take together. */
export interface Sum extends Share {
  readonly pods: number;
}

export const sumOf = (demands: readonly Demand[]): Sum =>
  demands.reduce(
    (sum, { pods, each }) => ({
      pods: sum.pods + pods,
      cpu: sum.cpu + pods * each.cpu,
      memory: sum.memory + pods * each.memory,
      disk: sum.disk + pods * each.disk,
    }),
    { pods: 0, cpu: 0, memory: 0, disk: 0 },
  );
