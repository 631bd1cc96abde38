import { type Demand, demandOf, type Sized, type Sum, sumOf } from "../base/model/demand";
import type { Settings } from "../base/model/settings";

/** What the settings ask of a cluster. go-spacecraft makes a cluster of the right size itself, so there it is nothing. */
export const demandIn = (settings: Sized & Pick<Settings, "driver">): Demand[] =>
  settings.driver === "kubernetes" ? demandOf(settings) : [];

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
