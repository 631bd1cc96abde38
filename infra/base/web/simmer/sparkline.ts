import { type Html, html } from "../html";
import { bands, kindsOf, patterns } from "./bands";
import type { Now, Simmer } from "./input";
import { lagOf, stretched } from "./plot";
import { curve } from "./scale";
import { timelineOf } from "./timeline";
import { headline } from "./words";

const COLUMNS = 120;
/** Lags below are usual. They stay at the bottom of the plot. */
const LEAST_LAG = 10;

/**
 * The plot in one line, for a page with PLOT_STYLE (style.ts): verdicts as bands, the lag of the verified layer as a
 * curve.
 * @param id of the plot in its page, of letters, digits, `_` and `-`
 */
export function sparkline(simmer: Simmer, now: Now, id: string): Html {
  const { intervals, pieces, end } = timelineOf(simmer, now);
  const lags = pieces.flat().flatMap((mark) => lagOf(mark) ?? []);
  const range = { low: 0, high: lags.reduce((a, b) => Math.max(a, b), LEAST_LAG) };
  return html`<svg class="plot spark" width="100%" height="36" role="img"><title>${headline(simmer, now)}</title>
${patterns(id, kindsOf(intervals))}${bands(intervals, end, COLUMNS, id)}
<line class="rule" x2="100%" y1="35.5" y2="35.5"/>${stretched(curve(pieces, lagOf, end, range), "curve")}</svg>`;
}
