import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { dashboardText } from "../../../../infra/deploy/monitoring/dashboard";
import { DATASOURCE, datasourceText, providerText } from "../../../../infra/deploy/monitoring/grafana";
import { panelsOf } from "../../../../infra/deploy/monitoring/panels";
import { NETWORK } from "../../../support/alerts/trials";
import { GOLDEN } from "../../../support/checkout";

const Board = z.object({
  title: z.string(),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.literal("timeseries"),
      datasource: z.object({ uid: z.string() }),
      targets: z.array(z.object({ expr: z.string() })).length(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
    }),
  ),
});
const boardOf = (network: typeof NETWORK) => Board.parse(JSON.parse(dashboardText(network)));

describe("dashboardText", () => {
  it("is test/golden/dashboard.json (UPDATE_GOLDEN=1 rewrites it)", () => {
    const file = join(GOLDEN, "dashboard.json");
    if (process.env.UPDATE_GOLDEN) writeFileSync(file, dashboardText(NETWORK));
    strictEqual(dashboardText(NETWORK), readFileSync(file, "utf8"));
  });

  it("draws each panel once, beside and below the others", () => {
    const { panels } = boardOf(NETWORK);
    deepStrictEqual(
      panels.map(({ targets }) => targets[0]?.expr),
      panelsOf(NETWORK).map(({ expression }) => expression),
    );
    strictEqual(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size, panels.length);
    strictEqual(new Set(panels.map(({ id }) => id)).size, panels.length);
  });

  it("shows of a network of the era of go-spacecraft only its programs", () => {
    const { panels } = boardOf({ ...NETWORK, driver: "spacecraft" });
    ok(panels.length > 0 && !panels.some(({ targets }) => /spacemesh|poet_/.test(targets[0]?.expr ?? "")));
  });

  it("asks the data source that is provisioned", () => {
    const uids = new Set(boardOf(NETWORK).panels.map(({ datasource }) => datasource.uid));
    deepStrictEqual([...uids], [DATASOURCE]);
    const { datasources } = parse(datasourceText()) as { datasources: { uid: string; url: string }[] };
    deepStrictEqual(
      datasources.map(({ uid, url }) => [uid, url]),
      [[DATASOURCE, "http://prometheus:9090"]],
    );
    ok(providerText().includes("path: /etc/monitoring/boards"));
  });
});
