import { stringify } from "yaml";
import { type Alert, seconds } from "../../../infra/deploy/monitoring/alert";
import { ruleFile } from "../../../infra/deploy/monitoring/rules";
import type { Curve, Firing, Trial } from "./trials";

/** Seconds between two samples, as Prometheus takes them in the trials' network. */
const STEP = 15;

/** Files for `promtool test rules`, by their names. */
export type Files = Readonly<Record<string, string>>;

/**
 * The trials of each alert as a file, with a rule file that has only this alert: promtool then evaluates no rule that
 * nobody asks about.
 */
export function ruleTests(alerts: readonly Alert[], trials: readonly Trial[]): Files {
  return Object.fromEntries(
    alerts.flatMap((alert) => {
      const own = trials.filter((trial) => trial.alert === alert.name);
      const rules = `${alert.name}.rules.yml`;
      return [
        [rules, ruleFile([alert])],
        [`${alert.name}.test.yml`, testFile(rules, alert, own)],
      ];
    }),
  );
}

function testFile(rules: string, alert: Alert, trials: readonly Trial[]): string {
  const tests = trials.map((trial) => ({
    name: `${trial.alert}: ${trial.when}`,
    interval: seconds(STEP),
    input_series: Object.entries(trial.series).map(([series, curve]) => ({
      series,
      values: samples(curve, trial.minute),
    })),
    alert_rule_test: [
      {
        eval_time: seconds(trial.minute * 60),
        alertname: trial.alert,
        exp_alerts: trial.fires.map((firing) => expected(alert, firing)),
      },
    ],
  }));
  return stringify({ rule_files: [rules], evaluation_interval: seconds(STEP), tests }, { lineWidth: 0 });
}

/** Values until a minute; `_` is an absent one. */
function samples(curve: Curve, last: number): string {
  const count = Math.round((last * 60) / STEP) + 1;
  return Array.from({ length: count }, (_, i) => curve((i * STEP) / 60) ?? "_").join(" ");
}

const expected = ({ severity, summary, description }: Alert, { labels = {}, value }: Firing) => {
  const filled = (text: string) =>
    text
      .replaceAll("{{ $value }}", `${value ?? "(no value was expected)"}`)
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => labels[label] ?? "");
  return {
    exp_labels: { ...labels, severity },
    exp_annotations: { summary: filled(summary), description: filled(description) },
  };
};
