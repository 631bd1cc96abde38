import type { SimmerSummary } from "../infra/base/model/simmer-summary";
import { type Html, html } from "../infra/base/web/html";
import { PLOT_HEIGHT, simmerNotice, simmerPlot } from "../infra/base/web/simmer/plot";
import { sparkline } from "../infra/base/web/simmer/sparkline";
import { clean, description, isLate, lastWatched, standing, verdictNow } from "../infra/base/web/simmer/words";
import type { Retired } from "./history";
import { tagOfName } from "./networks";

/**
 * The simmer of a network's present life, or of its last one when it is retired. A tag that was deployed again has the
 * summary of its former life until somebody watches it.
 * @param history of the network, the newest retirement first
 */
export function simmerOfLife(
  simmer: SimmerSummary | undefined,
  history: readonly Pick<Retired, "retiredAt">[],
  isRunning: boolean,
): SimmerSummary | undefined {
  const former = history[isRunning ? 0 : 1];
  const isFormer = former && simmer && Date.parse(simmer.genesisTime) <= Date.parse(former.retiredAt);
  return isFormer ? undefined : simmer;
}

/** The picture of a network without a simmer. */
export const noSimmerPicture = (name: string): string => simmerNotice(`${tagOfName(name)} is not watched yet.`);

/** How to read the plots of the running networks. */
export const SIMMER_KEY = html`<p class="key quiet">A watcher judges each network until its days are full, where its
plot ends. Plain bands are healthy, hatched ones are trouble, dotted ones were not watched. The curve is the lag of the
verified layer.</p>
`;

/** A running network as an item of the index, with its day, its verdict and its plot. */
export function runningItem(name: string, simmer: SimmerSummary | undefined, now: number): Html {
  const title = html`<a href="/networks/${encodeURIComponent(name)}">${tagOfName(name)}</a>`;
  if (!simmer) return html`<li class="net"><h3>${title} <span class="verdict">not watched yet</span></h3></li>\n`;
  const late = isLate(simmer, now);
  const colour = late ? "" : simmer.verdict;
  const notes = [
    late ? html`\n<p class="late">${lastWatched(simmer, now)}. The watcher may be down.</p>` : undefined,
    simmer.verdict === "healthy" ? undefined : html`\n<p class="quiet">${clean(simmer.evidence)}</p>`,
  ];
  return html`<li class="net">
<div><h3>${title} <span class="verdict" data-verdict="${colour}">${verdictNow(simmer, now)}</span></h3>
<p>${standing(simmer)}</p>${notes}</div>
${sparkline(simmer, now, `simmer-${name}`)}
</li>
`;
}

/**
 * The plot in the page of a retired network. The picture is in the page itself, since the policies of older pages allow
 * no other, and its size is in attributes, since those pages do not style it.
 */
export const lastPlot = (simmer: SimmerSummary): Html => {
  const picture = `data:image/svg+xml,${encodeURIComponent(simmerPlot(simmer, undefined))}`;
  const words = `Simmer: ${description(simmer, undefined)}`;
  return html`\n<img src="${picture}" width="100%" height="${PLOT_HEIGHT}" alt="${words}">`;
};
