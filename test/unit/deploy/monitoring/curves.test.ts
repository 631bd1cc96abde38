import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { curveQuestion, curveRules, curvesOf } from "../../../../infra/deploy/monitoring/curves";
import { MAIN_SERIES } from "../../../../infra/deploy/monitoring/series";
import { NETWORK } from "../../../support/alerts/trials";
import { CHECKOUT } from "../../../support/checkout";

const CURVES = curvesOf("kubernetes");

describe("curvesOf", () => {
  it("shows of nodes of the era of go-spacecraft only whether they answer", () => {
    deepStrictEqual(
      curvesOf("spacecraft").map(({ name }) => name),
      ["nodes", "requests"],
    );
  });

  it("has names that need no other spelling in paths, in Prometheus and in HTML", () => {
    for (const { name } of CURVES) match(name, /^[a-z]+$/);
    strictEqual(new Set(CURVES.map(({ name }) => name)).size, CURVES.length);
  });

  it("takes all programs together, and keeps no label but those that tell its lines apart", () => {
    for (const { expr } of curveRules(NETWORK)) {
      match(expr, /^(max by \(kind\) \(|sum\(|min\(|clamp_max\(100 \* \(\(sum\()/);
      doesNotMatch(expr, /by \((?!kind\))/);
    }
  });

  it("is made from series that an archive keeps", () => {
    const kept = new Set(MAIN_SERIES.map(({ metric }) => metric));
    const asked = curveRules(NETWORK).flatMap(({ expr }) => expr.match(/\b(spacemesh|poet_round|caddy)_\w+/g) ?? []);
    deepStrictEqual(
      asked.filter((metric) => !kept.has(metric)),
      [],
    );
  });

  it("is the table of docs/monitoring.md", () => {
    const page = readFileSync(join(CHECKOUT, "docs/monitoring.md"), "utf8");
    deepStrictEqual(
      [...page.matchAll(/^\| `\/curves\/(\w{1,20})` \| ([^|]{1,80}) \| ([^|]{1,40}) \|$/gm)].map((row) => row.slice(1)),
      CURVES.map(({ name, title, unit }) => [name, title, unit]),
    );
  });
});

describe("curveQuestion", () => {
  it("asks for a day of the main network, one point a layer", () => {
    const [layers] = CURVES;
    strictEqual(
      layers && decodeURIComponent(curveQuestion(layers, { layerDuration: 300 })),
      "/api/v1/query?query=curve:layers[86400s:300s]&limit=2&timeout=5s",
    );
  });
});
