import { type Html, html } from "../html";
import { KINDS, type Kind } from "./input";
import { type Interval, rank } from "./timeline";

/**
 * Bands of a plot, as an SVG group for a viewport of any size. Each column of the plot has one verdict, the worst of
 * its times. So a trouble of minutes stays visible in a week, and the picture stays small however often the verdict
 * changes.
 * @param id of the plot in its document
 */
export function bands(intervals: readonly Interval[], end: number, columns: number, id: string): Html {
  const percent = (column: number) => `${Number(((100 * column) / columns).toFixed(2))}%`;
  const found = runs(intervals, end, columns);
  return html`<g id="${id}-bands">${kindsOf(found).map((kind) => {
    const rects = found
      .filter((run) => run.kind === kind)
      .map(({ from, to }) => html`<rect x="${percent(from)}" width="${percent(to - from)}" height="100%"/>`);
    return html`<g fill="${fill(id, kind)}">${rects}</g>`;
  })}</g>`;
}

/** Neighbouring columns of one kind. */
export function runs(intervals: readonly Interval[], end: number, columns: number): Interval[] {
  const kinds: (Kind | undefined)[] = Array.from({ length: columns });
  for (const { from, to, kind } of intervals) {
    const first = Math.min(columns - 1, Math.floor((columns * from) / end));
    const last = Math.max(first, Math.ceil((columns * to) / end) - 1);
    for (let column = first; column <= last && column < columns; column++) {
      const present = kinds[column];
      if (present === undefined || rank(kind) > rank(present)) kinds[column] = kind;
    }
  }
  const found: { from: number; to: number; kind: Kind }[] = [];
  kinds.forEach((kind, column) => {
    const before = found.at(-1);
    if (before && before.kind === kind && before.to === column) before.to = column + 1;
    else if (kind) found.push({ from: column, to: column + 1, kind });
  });
  return found;
}

const fill = (id: string, kind: Kind): string => `url(#${id}-${kind})`;

/** The patterns of the kinds that a plot has, so that nobody needs to see colours. */
export const patterns = (id: string, present: readonly Kind[]): Html =>
  html`<defs>${present.map(
    (kind) =>
      html`
<pattern id="${id}-${kind}" class="is-${kind}" width="6" height="6" patternUnits="userSpaceOnUse">${MARKS[kind]}</pattern>`,
  )}</defs>`;

const TINT = html`<path class="tint" d="M0 0h6v6H0z"/>`;
const RISING = "M-1 1 1-1M-1 7 7-1M5 7 7 5";
const FALLING = "M-1 5 1 7M-1-1 7 7M5-1 7 1";
const MARKS: { readonly [kind in Kind]: Html } = {
  healthy: TINT,
  slow: html`${TINT}<path class="stroke" d="${RISING}"/>`,
  stalled: html`${TINT}<path class="stroke strong" d="${FALLING}"/>`,
  split: html`${TINT}<path class="stroke strong" d="${RISING}${FALLING}"/>`,
  blind: html`${TINT}<path class="stroke" d="M0 1.5h6M0 4.5h6"/>`,
  unwatched: html`<path class="dot" d="M1 1h1.5v1.5H1zM4 4h1.5v1.5H4z"/>`,
};

/** A sample of a kind's band, for a legend. */
export const swatch = (id: string, kind: Kind, x: number, y: number): Html =>
  html`
<svg x="${x}" y="${y}" width="14" height="12">
<rect class="frame is-${kind}" width="14" height="12" fill="${fill(id, kind)}"/></svg>`;

/** The kinds among intervals, from the best to the worst. */
export const kindsOf = (intervals: readonly Interval[]): Kind[] =>
  KINDS.filter((kind) => intervals.some((interval) => interval.kind === kind));
