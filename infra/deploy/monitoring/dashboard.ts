import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCE } from "./grafana";
import { scrapePause, type WatchedNetwork } from "./network";
import { panelsOf } from "./panels";

/** Size of a panel in Grafana's grid, which is 24 wide: two beside each other. */
const [WIDTH, HEIGHT] = [12, 8];

const SOURCE = { type: "prometheus", uid: DATASOURCE };

/**
 * The dashboard of a network as Grafana's JSON. test/golden/dashboard.json shows the result. Who imports this file loads
 * Grafana's builders, which takes as long as all of a small preview.
 */
export function dashboardText(network: WatchedNetwork): string {
  const board = new DashboardBuilder(`Spacemesh ${network.tag}`)
    .uid("network")
    .readonly()
    .time({ from: "now-24h", to: "now" })
    .refresh("1m")
    .timezone("utc");
  for (const [i, { title, expression, legend, unit }] of panelsOf(network).entries())
    board.withPanel(
      new PanelBuilder()
        .id(i + 1)
        .title(title)
        .datasource(SOURCE)
        .unit(unit)
        .legend(
          new VizLegendOptionsBuilder()
            .showLegend(true)
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
        .interval(`${scrapePause(network)}s`)
        .gridPos({ x: (i % 2) * WIDTH, y: Math.floor(i / 2) * HEIGHT, w: WIDTH, h: HEIGHT })
        .withTarget(new DataqueryBuilder().refId("A").expr(expression).legendFormat(legend).range()),
    );
  return `${JSON.stringify(board.build(), null, 2)}\n`;
}
