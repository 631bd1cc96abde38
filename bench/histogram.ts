import { type Html, html, trusted } from "../infra/base/web/html";
import { ticks } from "../infra/base/web/simmer/scale";
import { PLOT_STYLE } from "../infra/base/web/simmer/style";
import { COLOURS } from "../infra/base/web/theme";

export interface Histogram {
  readonly title: string;
  /** The picture in one sentence, for readers who do not see it. */
  readonly description: string;
  /** Not empty. */
  readonly values: readonly number[];
  /** Width of a bar, in the unit of the values. */
  readonly step: number;
  /** Name of the axis. */
  readonly axis: string;
  /** Vertical lines with their names, from left to right. A later one begins higher, so that none crosses a name. */
  readonly marks: readonly { readonly value: number; readonly name: string }[];
}

/** A phone's width: a page on a phone shrinks it a little, and a wide one leaves it as it is. In pixels. */
const WIDTH = 400;
const HEIGHT = 300;
const PANEL = { left: 44, right: 386, top: 84, bottom: 246 };
const MARK_LINE = 18;
const PADDING = 12;

/** A histogram as an SVG document of its own: no script, with its own ground, light or dark as its reader's system. */
export function histogram({ title, description, values, step, axis, marks }: Histogram): string {
  const bars = barsOf(values, step);
  const first = Math.min(...values, ...marks.map(({ value }) => value));
  const last = Math.max(...values, ...marks.map(({ value }) => value));
  const low = Math.floor(first / step) * step;
  const high = (Math.floor(last / step) + 1) * step;
  const most = Math.max(...bars.map(({ count }) => count));
  const x = (value: number) => PANEL.left + ((PANEL.right - PANEL.left) * (value - low)) / (high - low);
  const y = (count: number) => PANEL.bottom - ((PANEL.bottom - PANEL.top) * count) / most;
  const rows = ticks({ low: 0, high: most }, 4).map(
    (
      count,
    ) => html`<line class="rule" x1="${PANEL.left}" x2="${PANEL.right}" y1="${at(y(count))}" y2="${at(y(count))}"/>
<text class="soft end" x="${PANEL.left - 6}" y="${at(y(count) + 4)}">${count}</text>
`,
  );
  const columns = bars.map(({ from, count }) => {
    const width = x(from + step) - x(from) - 1;
    const height = PANEL.bottom - y(count);
    return html`<rect class="bar" x="${at(x(from))}" y="${at(y(count))}" width="${at(width)}" height="${at(height)}"/>
`;
  });
  const figures = ticks({ low, high }, 7).map(
    (value) => html`<text class="soft middle" x="${at(x(value))}" y="${PANEL.bottom + 17}">${value}</text>
`,
  );
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="${WIDTH}" height="${HEIGHT}"
viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t d">
<title id="t">${title}</title>
<desc id="d">${description}</desc>
<style>${trusted(COLOURS)}${trusted(PLOT_STYLE)}.bar { fill: var(--good); }
.mark { stroke: var(--text); stroke-dasharray: 4 3; }
.plot .head { font-size: 14px; }
</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--card)"/>
<text class="head" x="${PADDING}" y="24">${title}</text>
${rows}${columns}${figures}${marks.map(({ value, name }, i) => mark(x(value), marks.length - 1 - i, name))}
<text class="soft" x="${PANEL.left}" y="${HEIGHT - PADDING}">${axis}</text>
</svg>
`.toString();
}

function mark(x: number, row: number, name: string): Html {
  const y = 46 + MARK_LINE * row;
  return html`<line class="mark" x1="${at(x)}" x2="${at(x)}" y1="${y - 10}" y2="${PANEL.bottom}"/>
<text class="end" x="${at(x - 5)}" y="${y}">${name}</text>
`;
}

function barsOf(values: readonly number[], step: number): { from: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const value of values) {
    const from = Math.floor(value / step) * step;
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  return [...counts].map(([from, count]) => ({ from, count })).sort((a, b) => a.from - b.from);
}

/** A place in the picture, in tenths of a pixel. */
const at = (place: number): number => Math.round(10 * place) / 10;
