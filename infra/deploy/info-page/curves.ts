import { duration } from "../../base/web/format";
import { type Html, html } from "../../base/web/html";
import { type Curve, curvePath, curvesOf, curveTimes } from "../monitoring/curves";
import type { InfoPageInput } from "./input";
import { commands, section } from "./parts";

/** What the curves' script is told; the shape of the JSON in `data-curves`. */
export interface CurvesSource {
  /** Where the API's host answers. A curve's path comes behind it. */
  readonly url: string;
  /** Seconds between two points. A longer gap is drawn as one. */
  readonly step: number;
}

/** Size of the plane in which the script draws. The page stretches it. */
export const PLANE = { width: 300, height: 100 };

/** How the network went, drawn by the curves' script; without scripts, how to ask by hand. No section without curves. */
export function curves({ endpoints, facts, curves: names = [] }: InfoPageInput): Html | undefined {
  const shown = curvesOf(facts.driver ?? "spacecraft").filter(({ name }) => names.includes(name));
  const [first] = shown;
  if (!first) return undefined;
  const { step, span } = curveTimes(facts);
  const url = endpoints.json.replace(/\/$/, "");
  const source: CurvesSource = { url, step };
  return section(
    "curves",
    "Curves",
    html`<div data-curves="${JSON.stringify(source)}" data-tone="wait">
<p class="state" role="status" data-value="state">Asking the network…</p>
<div class="curves">${shown.map(figure)}
</div>
<p class="note">At most ${span / step} layers, which take ${duration(span)}. <span data-value="asked">&nbsp;</span></p>
</div>
<noscript><p>Curves need scripts in the browser. The network tells them in a terminal as well:</p>
${commands([`curl ${url}${curvePath(first.name)}`])}</noscript>`,
  );
}

/** The last value of a line, with its name where there are several. */
const lastOf =
  (unit: string) =>
  (line: string): Html =>
    html`<span><b data-last="${line}">–</b> ${line ? html`<span class="key">${line}</span>` : unit}</span> `;

/** The place of one curve. It has its size before the network answers. */
const figure = ({ name, title, unit, lines = [""], isFar }: Curve): Html => html`
<figure data-curve="${curvePath(name)}" data-unit="${unit}"${isFar ? html` data-far` : undefined}>
<figcaption><h3>${title}</h3>
<p class="last">${lines.map(lastOf(unit))}</p>
<p class="note" data-value="extent">No data yet</p></figcaption>
<div class="plot"><span data-value="high"></span>
<svg role="img" aria-labelledby="${name}-t ${name}-d" viewBox="0 0 ${PLANE.width} ${PLANE.height}" preserveAspectRatio="none">
<title id="${name}-t">${title}</title><desc id="${name}-d">No data yet</desc>
<path class="grid" d="M0 0H300M0 50H300M0 100H300M150 0V100"/>${lines.map((line) => html`<path data-line="${line}"/>`)}</svg>
<span data-value="low"></span></div>
<p class="times"><span data-value="from">&nbsp;</span><span data-value="middle"></span><span data-value="to"></span></p>
</figure>`;
