import { type Html, html, trusted } from "../html";
import { COLOURS } from "../theme";
import { bands, kindsOf, patterns, swatch } from "./bands";
import type { Kind, Now, Simmer } from "./input";
import { curve, GRID, type Range, rangeOf, ticks } from "./scale";
import { PLOT_STYLE } from "./style";
import { type Mark, type Timeline, timelineOf } from "./timeline";
import { clean, countedIn, description, figure, headline, isLate, lastWatched, shortSpan, wrapped } from "./words";

/** Height of the plot in pixels. Its width is any, from 280 on. */
export const PLOT_HEIGHT = 424;
/** Width of the plot where a page has room for it, in pixels. */
export const PLOT_WIDTH = 768;

/** Id of the plot in its document, which is its own. */
const ID = "p";
/** A column of a week is 50 minutes long, and two pixels wide on a phone. */
const COLUMNS = 200;
/** The axes' figures have the left of the picture, the panels the rest. */
const LEFT = "13%";
const WIDTH = "87%";
const FIGURES = "11.5%";
/** Places in pixels: the evidence from the top, all below from the end of the evidence. */
const EVIDENCE = { y: 55, line: 16, length: 44, lines: 3 };
const LAYERS = { y: 32, height: 100 };
const LAG = { y: 166, height: 70 };
const LEGEND_Y = 292;
/** Lags below are usual and fill no panel. */
const LEAST_LAG = 4;

/**
 * The simmer of a network as an SVG document: layers, lag and verdicts against time. It needs no script, is light or
 * dark as its reader's system, and fits any width from a phone's on: the panels stretch, words and lines do not.
 */
export function simmerPlot(simmer: Simmer, now: Now): string {
  const timeline = timelineOf(simmer, now);
  const kinds = kindsOf(timeline.intervals);
  const tag = clean(simmer.tag);
  const evidence = wrapped(simmer.evidence, EVIDENCE.length, EVIDENCE.lines);
  return document(
    `Simmer of ${tag}: ${headline(simmer, now)}`,
    description(simmer, now),
    html`${patterns(ID, kinds)}
<text class="head" y="16">${headline(simmer, now)}</text>
<text class="${isLate(simmer, now) ? "alarm" : "soft"}" y="37">${lastWatched(simmer, now)}</text>
${evidence.map((line, i) => html`<text class="soft" y="${EVIDENCE.y + EVIDENCE.line * i}">${line}</text>`)}
<svg y="${EVIDENCE.y + EVIDENCE.line * (evidence.length - 1)}" overflow="visible">
${layersPanel(timeline)}
${lagPanel(timeline)}
${timeAxis(timeline, simmer)}
${legend(simmer, timeline, kinds)}
</svg>`,
  );
}

/** A picture of a sentence, in place of the plot of a network that has none. */
export const simmerNotice = (sentence: string): string =>
  document(
    clean(sentence),
    "",
    html`<rect class="rule" fill="none" x=".5" y=".5" width="99.8%" height="${PLOT_HEIGHT - 1}" rx="8"/>
<text class="soft middle" x="50%" y="${PLOT_HEIGHT / 2}">${clean(sentence)}</text>`,
  );

const document = (title: string, description: string, content: Html): string =>
  html`<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="100%" height="${PLOT_HEIGHT}"
role="img" aria-labelledby="t d">
<title id="t">${title}</title>
<desc id="d">${description}</desc>
<style>${trusted(COLOURS)}${trusted(PLOT_STYLE)}</style>
${content}
</svg>
`.toString();

function layersPanel({ pieces, intervals, end }: Timeline): Html {
  const marks = pieces.flat();
  const range = rangeOf(marks.flatMap(({ top, verified }) => (verified === undefined ? [top] : [top, verified])));
  const last = marks.at(-1);
  const verified = marks.findLast((mark) => mark.verified !== undefined)?.verified;
  const key = (x: number, style: string, text: string) =>
    html`<path class="${style}" d="M${x} 19h18"/><text x="${x + 25}" y="23">${text}</text>`;
  return html`<text class="soft" y="23">Layer</text>${key(48, "curve pale", `top ${last ? figure(last.top) : "–"}`)}${key(
    168,
    "curve",
    `verified ${verified === undefined ? "–" : figure(verified)}`,
  )}
${panel(
  LAYERS,
  marks.length > 0 ? range : undefined,
  html`${bands(intervals, end, COLUMNS, ID)}
${stretched(
  curve(pieces, ({ top }) => top, end, range),
  "curve pale",
)}
${stretched(
  curve(pieces, (mark) => mark.verified, end, range),
  "curve",
)}
`,
)}`;
}

function lagPanel({ pieces, end }: Timeline): Html {
  const lags = pieces.flat().flatMap((mark) => lagOf(mark) ?? []);
  const most = lags.reduce((a, b) => Math.max(a, b), 0);
  const range = { low: 0, high: Math.max(LEAST_LAG, most) };
  const figures = lags.length > 0 ? `: last ${figure(lags.at(-1) ?? 0)}, most ${figure(most)}` : "";
  return html`<text class="soft" y="157">Lag of the verified layer${figures}</text>
${panel(
  LAG,
  lags.length > 0 ? range : undefined,
  html`<use href="#${ID}-bands"/>
${stretched(curve(pieces, lagOf, end, range), "curve")}
`,
)}`;
}

/** How many layers the verified one is behind. Before the effective genesis nodes tell a verified layer above the top. */
export const lagOf = ({ top, verified }: Mark): number | undefined =>
  verified === undefined ? undefined : Math.max(0, top - verified);

/** @param range of the axis; undefined without an axis */
function panel({ y, height }: typeof LAYERS, range: Range | undefined, content: Html): Html {
  const at = (value: number) => (range ? height * (1 - (value - range.low) / (range.high - range.low)) : 0);
  const shown = range ? ticks(range, 3) : [];
  return html`${shown.map(
    (value) =>
      html`<text class="soft small end" x="${FIGURES}" y="${Math.round(y + at(value) + 4)}">${figure(value)}</text>`,
  )}
<svg x="${LEFT}" y="${y}" width="${WIDTH}" height="${height}" overflow="visible">
${shown.map((value) => html`<line class="rule" x2="100%" y1="${at(value).toFixed(1)}" y2="${at(value).toFixed(1)}"/>`)}
${content}<line class="rule" x2="100%" y1="${height}" y2="${height}"/>
</svg>`;
}

/** A curve over the whole of its viewport, however wide. */
export const stretched = (path: string, style: string): Html =>
  html`<svg viewBox="0 0 ${GRID} ${GRID}" preserveAspectRatio="none" overflow="visible">
<path class="${style}" d="${path}"/></svg>`;

function timeAxis({ end }: Timeline, simmer: Simmer): Html {
  const { effectiveGenesis } = simmer;
  const { name, length } = countedIn(end, simmer);
  const units = end / length;
  const labels = ticks({ low: 0, high: units }, 8).map((value) => {
    const x = (100 * value) / units;
    const anchor = x > 97 ? "end" : "middle";
    return html`<text class="soft small ${anchor}" x="${x.toFixed(2)}%" y="16">${figure(value)}</text>`;
  });
  const y = LAG.y + LAG.height;
  return html`<svg x="${LEFT}" y="${y}" width="${WIDTH}" height="20" overflow="visible">${labels}</svg>
<text class="soft" y="${y + 34}">${name}s since the effective genesis, layer ${figure(effectiveGenesis)}</text>`;
}

/** What the bands mean, with the time of each kind, in three rows of two. */
function legend({ observed }: Simmer, { intervals }: Timeline, kinds: readonly Kind[]): Html {
  const drawn = (kind: Kind) => intervals.reduce((sum, one) => sum + (one.kind === kind ? one.to - one.from : 0), 0);
  return html`${kinds.map((kind, i) => {
    const x = 152 * (i % 2);
    const y = LEGEND_Y + 20 * Math.floor(i / 2);
    const time = shortSpan((kind !== "unwatched" && observed[kind]) || drawn(kind));
    return html`${swatch(ID, kind, x, y - 10)}
<text x="${x + 21}" y="${y}">${kind} <tspan class="soft">${time}</tspan></text>`;
  })}`;
}
