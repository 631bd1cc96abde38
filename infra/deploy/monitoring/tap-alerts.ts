import { type Alert, kubectl } from "./alert";
import type { WatchedNetwork } from "./network";

/** Days of the daily budget that the balance must last for. */
const DAYS = 3;

/** The part of a day's budget that must be left is one of so many. */
const PARTS = 10;

/** Alerts about the tap, from the metrics that it serves itself (tap/metrics.ts). */
export function tapAlerts(network: WatchedNetwork): readonly Alert[] {
  const { layerDuration: layer } = network;
  const [balance, budget, left] = ["balance", "budget", "budget_left"].map((name) => `smeshnet_tap_${name}_smidge`);
  return [
    {
      name: "TapLow",
      severity: "ticket",
      after: 2 * layer,
      expression: `${balance} < ${DAYS} * ${budget} or ${left} < ${budget} / ${PARTS}`,
      summary: "The tap runs low",
      description:
        `Its balance lasts for fewer than ${DAYS} days, or less than a tenth of today's budget is left. Send test coins ` +
        "to the address that its page shows. A used budget comes back at midnight UTC.",
    },
    {
      name: "TapDown",
      severity: "ticket",
      after: 2 * layer,
      expression: 'up{job="tap"} == 0',
      summary: "The tap does not answer",
      description: `Nobody gets test coins. Read why: \`${kubectl(network, "logs deploy/tap")}\`.`,
    },
  ];
}
