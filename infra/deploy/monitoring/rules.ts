import { stringify } from "yaml";
import { type Alert, seconds } from "./alert";
import { chainAlerts } from "./chain-alerts";
import { curveRules } from "./curves";
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
export const rulesText = (network: WatchedNetwork): string => ruleFile(alertsOf(network), curveRules(network));

/** Alerts as a rule file, and series that Prometheus records. */
export function ruleFile(alerts: readonly Alert[], records: readonly object[] = []): string {
  const rules = alerts.map(({ name, severity, after, expression, summary, description }) => ({
    alert: name,
    expr: expression,
    for: seconds(after),
    labels: { severity },
    annotations: { summary, description },
  }));
  const groups = [{ name: "network", rules }, ...(records.length > 0 ? [{ name: "curves", rules: records }] : [])];
  return stringify({ groups }, { lineWidth: 0 });
}
