import { stringify } from "yaml";
import { type Alert, seconds } from "./alert";
import { chainAlerts } from "./chain-alerts";
import type { WatchedNetwork } from "./network";
import { poetAlerts } from "./poet-alerts";
import { programAlerts } from "./program-alerts";
import { tapAlerts } from "./tap-alerts";

/** All alerts of a network. Those about the chain need the metrics of today's programs. */
export const alertsOf = (network: WatchedNetwork): readonly Alert[] => [
  ...(network.driver === "kubernetes" ? [...chainAlerts(network), ...poetAlerts(network)] : []),
  ...programAlerts(network),
  ...(network.hasTap ? tapAlerts(network) : []),
];

/** The rule file of a network, for Prometheus. test/golden/rules.yml shows the result. */
export const rulesText = (network: WatchedNetwork): string => ruleFile(alertsOf(network));

/** Alerts as a rule file. */
export function ruleFile(alerts: readonly Alert[]): string {
  const rules = alerts.map(({ name, severity, after, expression, summary, description }) => ({
    alert: name,
    expr: expression,
    for: seconds(after),
    labels: { severity },
    annotations: { summary, description },
  }));
  return stringify({ groups: [{ name: "network", rules }] }, { lineWidth: 0 });
}
