import { quantityIn } from "../base/model/quantity";
import type { Settings } from "../base/model/settings";

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

type Sized = Pick<Settings, "driver" | "miners" | "poets" | "resources" | "tls">;

/**
 * Explorer, dashboard, gateway, and the server of the first beacon. All their requests together fit into half a core and
 * 1 GiB (components/version/confined.ts); a unit test adds them up.
 */
const SERVICES = { pods: 9, cpu: 0.5, memory: 2 ** 30 };

/** The gateway keeps certificates on a disk (components/version/grpc-gateway.ts). */
const CERTIFICATES = 2 ** 30;

/** What a network asks of a cluster. go-spacecraft makes a cluster of the right size itself, so there it is nothing. */
export function demandOf({ driver, miners, poets, resources, tls }: Sized): Demand[] {
  if (driver !== "kubernetes") return [];
  const { pods, cpu, memory } = SERVICES;
  const disk = (tls ? CERTIFICATES : 0) / pods;
  return [
    { what: "node", pods: miners, each: share(resources.node) },
    { what: "poet", pods: poets, each: share(resources.poet) },
    { what: "services", pods, each: { cpu: cpu / pods, memory: memory / pods, disk } },
  ];
}

const share = ({ cpu, memory, disk }: Settings["resources"]["node"]): Share => ({
  cpu: quantityIn(cpu) ?? 0,
  memory: quantityIn(memory) ?? 0,
  disk: quantityIn(disk) ?? 0,
});

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

/** The bill as `smeshnet doctor --json` prints it: thousandths of a core, and bytes. */
export const billOf = (demands: readonly Demand[]) => ({
  kinds: demands.map((one) => ({ what: one.what, ...rounded(sumOf([one])) })),
  total: rounded(sumOf(demands)),
});

const rounded = ({ pods, cpu, memory, disk }: Sum) => ({
  pods,
  cpuMillis: Math.round(cpu * 1000),
  memoryBytes: Math.round(memory),
  diskBytes: Math.round(disk),
});

/** `32.5 cores`. */
export const coresText = (cpu: number): string => `${tenths(cpu)} cores`;

/** `39.1 GiB`. */
export const sizeText = (bytes: number): string => `${tenths(bytes / 2 ** 30)} GiB`;

const tenths = (value: number): string => `${Math.round(value * 10) / 10}`;
