import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { panelsOf } from "../../../../infra/deploy/monitoring/panels";
import { alertsOf } from "../../../../infra/deploy/monitoring/rules";
import { KEPT_DAYS, lifeWindow, MAIN_SERIES } from "../../../../infra/deploy/monitoring/series";
import { NETWORK } from "../../../support/alerts/trials";
import { CHECKOUT } from "../../../support/checkout";

/** Metrics that an expression names. */
const metricsIn = (expression: string): string[] =>
  expression.match(/\b(spacemesh|poet_round|smeshnet|process|caddy)_\w+/g) ?? [];

describe("MAIN_SERIES", () => {
  it("has every metric that an alert asks for, so that an archive tells why one fired", () => {
    const kept = new Set(MAIN_SERIES.map(({ metric }) => metric));
    const asked = new Set(alertsOf(NETWORK).flatMap(({ expression }) => metricsIn(expression)));
    ok(asked.size > 10);
    deepStrictEqual(
      [...asked].filter((metric) => !kept.has(metric)),
      [],
    );
  });

  it("has every metric that a panel of the dashboard shows", () => {
    const kept = new Set(MAIN_SERIES.map(({ metric }) => metric));
    const shown = panelsOf(NETWORK).flatMap(({ expression }) => metricsIn(expression));
    deepStrictEqual(
      shown.filter((metric) => !kept.has(metric)),
      [],
    );
  });

  it("is the table of docs/monitoring.md", () => {
    const page = readFileSync(join(CHECKOUT, "docs/monitoring.md"), "utf8");
    const listed = [...page.matchAll(/^\| `([\w]{1,80})` \| ([^|]{1,80}) \|$/gm)].map(([, metric, shows]) => [
      metric,
      shows,
    ]);
    deepStrictEqual(
      listed,
      MAIN_SERIES.map(({ metric, shows }) => [metric, shows]),
    );
  });
});

describe("lifeWindow", () => {
  const network = { genesis: 1_000_000, layerDuration: 300 };

  it("begins an hour before genesis, and never before what Prometheus keeps", () => {
    strictEqual(lifeWindow(network, 1_600_000).start, 1_000_000 - 3600);
    strictEqual(lifeWindow(network, 9_000_000.5).start, 9_000_000 - KEPT_DAYS * 86_400);
  });

  it("has no more points than Prometheus gives at once, and no more than it took", () => {
    const { start, end, step } = lifeWindow(network, 1_604_800);
    deepStrictEqual([step, Math.floor((end - start) / step) <= 3000], [203, true]);
    strictEqual(lifeWindow({ genesis: 1_000_000, layerDuration: 1 }, 1_000_060).step, 2);
    strictEqual(lifeWindow(network, 1_000_060).step, 30);
  });
});
