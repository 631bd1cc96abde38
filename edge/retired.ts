import type { RecapLink } from "../infra/base/model/recap-link";
import type { SimmerSummary } from "../infra/base/model/simmer-summary";
import { lifeSpan } from "../infra/base/web/format";
import { type Html, html, isWebUrl, link } from "../infra/base/web/html";
import type { Retired } from "./history";
import { layout } from "./layout";
import { lastPlot } from "./simmer";
import { type Successor, successorLine } from "./successor";

/** A retired network as an item of the index. */
export const retiredItem = (retired: Retired): Html => html`<li class="gone">
<h3><a href="/networks/${retired.name}">${retired.tag}</a> ${verdict(retired)}</h3>
<p>${retired.why}</p>
<p class="quiet">Lived ${lifeOf(retired)}. ${retired.lastSeen && html`Last seen at layer ${layers(retired.lastSeen)}.`}</p>
<p class="quiet">Archive: ${address(retired.archive)}</p>${retired.story && html`\n<p>${storyOf(retired.story)}</p>`}
</li>
`;

const HOW_IT_WAS = "What follows tells how it was, and none of its hosts answers any more.";

/** The notice in the page of a retired network. The page's own style applies (infra/base/web/style.ts). */
export const retiredSection = (
  retired: Retired,
  simmer?: SimmerSummary,
  successor?: Successor,
  rest = HOW_IT_WAS,
): Html => html`
<section class="notice retired" aria-labelledby="retired-title">
<h2 id="retired-title">Retired on ${moment(retired.retiredAt)}</h2>
<p>It lived ${lifeSpan(retired.openedAt, retired.retiredAt)}. ${rest}</p>
<dl class="rows">
<div><dt>Verdict</dt><dd>${verdict(retired)}</dd></div>
<div><dt>Why</dt><dd>${retired.why}</dd></div>
${successorRow(successor)}${failedRow(retired)}${lastSeenRow(retired)}<div><dt>Archive</dt><dd>${address(retired.archive)}</dd></div>${missingRow(retired)}${storyRow(retired)}
</dl>${simmer && lastPlot(simmer)}
</section>`;

/** A stored page with a section before its other content. */
export const withSection = (page: string, section: Html): string => page.replace("<main>", (tag) => `${tag}${section}`);

/** The page of a retired network without a stored page, as after a deployment that failed early. */
export const retiredPage = (retired: Retired, simmer?: SimmerSummary, successor?: Successor): string =>
  layout(
    retired.tag,
    html`${retiredSection(retired, simmer, successor, "It has no page of its own, since its deployment did not get that far.")}
<p><a href="/">All networks</a></p>
`,
  );

/** `3 days, from 22 November 2026 to 25 November 2026`. */
const lifeOf = ({ openedAt, retiredAt }: Retired): Html =>
  html`${lifeSpan(openedAt, retiredAt)}, from ${day(openedAt)} to ${day(retiredAt)}`;

const successorRow = (successor: Successor | undefined): Html | undefined =>
  successor && html`<div><dt>Superseded by</dt><dd><div>${successorLine(successor)}</div></dd></div>\n`;

const failedRow = ({ failed }: Retired): Html | undefined =>
  failed && html`<div><dt>Failed at</dt><dd>${failed.step}, ${moment(failed.at)}: ${failed.saw}</dd></div>\n`;

const missingRow = ({ missing = [] }: Retired): Html | undefined =>
  missing.length === 0
    ? undefined
    : html`\n<div><dt>Not archived</dt><dd>${missing.map((one) => html`<div>${one}</div>`)}</dd></div>`;

const lastSeenRow = ({ lastSeen }: Retired): Html | undefined =>
  lastSeen && html`<div><dt>Last seen</dt><dd>Layer ${layers(lastSeen)}</dd></div>\n`;

const verdict = ({ verdict }: Retired): Html => html`<span class="verdict" data-verdict="${verdict}">${verdict}</span>`;

const layers = ({ topLayer, verifiedLayer }: NonNullable<Retired["lastSeen"]>): string =>
  `${number(topLayer)}, verified up to ${number(verifiedLayer)}`;

/** A link if browsers can open it. The URLs of folders and buckets stay text. */
function address(url: string | undefined): Html {
  if (url === undefined) return html`none was made`;
  return isWebUrl(url) ? link(url) : html`<code>${url}</code>`;
}

const storyRow = ({ story }: Retired): Html | undefined =>
  story && html`\n<div><dt>${titleOf(story)}</dt><dd>${address(story.url)}</dd></div>`;

/** `postmortem` as a link, or with the address of its object in the store. */
const storyOf = (story: RecapLink): Html =>
  isWebUrl(story.url) ? link(story.url, titleOf(story)) : html`${titleOf(story)}: ${address(story.url)}`;

const titleOf = ({ kind }: RecapLink): string => (kind === "postmortem" ? "Postmortem" : "Recap");

/** `25 November 2026`. */
const day = (time: string): Html => html`<time datetime="${time}">${dayOf(time)}</time>`;

/** `25 November 2026, 07:40 UTC`. */
export const moment = (time: string): Html =>
  html`<time datetime="${time}">${dayOf(time)}, ${new Date(time).toISOString().slice(11, 16)} UTC</time>`;

const dayOf = (time: string): string =>
  new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

const number = (value: number): string => value.toLocaleString("en");
