import type { DeploymentFailure } from "../infra/base/model/deployment-failure";
import { type FailureWords, failureWords } from "../infra/base/model/failure-words";
import { type Html, type HtmlValue, html, link } from "../infra/base/web/html";
import { clean } from "../infra/base/web/simmer/words";
import type { Retired } from "./history";
import { layout } from "./layout";
import { moment } from "./retired";

/**
 * The failure of a network's present life. A network that was retired after it failed is only retired.
 * @param history of the network, the newest retirement first
 */
export function failureOfLife(
  failure: DeploymentFailure | undefined,
  history: readonly Pick<Retired, "retiredAt">[],
): DeploymentFailure | undefined {
  const [last] = history;
  return failure && last && Date.parse(failure.at) <= Date.parse(last.retiredAt) ? undefined : failure;
}

/** A network whose deployment failed, as an item of the index. */
export function failedItem(name: string, failure: DeploymentFailure): Html {
  const { step, saw, next } = failureWords(failure);
  return html`<li class="gone">
<h3><a href="/networks/${name}">${failure.tag}</a> <span class="verdict" data-verdict="failed">failed: ${step}</span></h3>
<p>${clean(saw)}</p>
<p class="quiet">${moment(failure.at)}. ${next[0]?.why} <code>${next[0]?.command}</code></p>
</li>
`;
}

/** How to read the failed networks by a program. */
export const FAILED_NOTE = html`<p class="key quiet">For programs: <a href="/failures.json">failures.json</a>.</p>
`;

/** The notice in the page of a network whose deployment failed. The page's own style applies. */
export function failedSection(failure: DeploymentFailure): Html {
  const { where, step, saw, fix, others, next } = failureWords(failure);
  return html`
<section class="notice failed" aria-labelledby="failed-title">
<h2 id="failed-title">The deployment of ${failure.tag} failed</h2>
<p>The step <strong>${step}</strong> failed on ${moment(failure.at)}. The network is not complete.</p>
<dl class="rows">
${where === step ? undefined : row("Step", html`<code>${where}</code>`)}${row("What it saw", saw)}${others.map(
  (other) => row("Failed after it", other),
)}${fix === undefined ? undefined : row("To fix", fix)}${logRow(failure)}${commitRow(failure)}${row("Next", next.map(command))}</dl>
</section>`;
}

const command = ({ why, command }: FailureWords["next"][number]): Html =>
  html`<p>${why}<br><code>${command}</code></p>`;

/** The page of a network that failed before its page was made. */
export const failedPage = (failure: DeploymentFailure): string =>
  layout(
    failure.tag,
    html`${failedSection(failure)}
<p class="quiet">It has no page of its own, since its deployment did not get that far. <a href="/">All networks</a></p>
`,
  );

/** One element for each value: the rows of stored pages are flexible boxes. */
const row = (name: string, value: HtmlValue): Html => html`<div><dt>${name}</dt><dd><div>${value}</div></dd></div>\n`;

function logRow({ log: { run, events } }: DeploymentFailure): Html | undefined {
  const places = [
    run === undefined ? [] : html`<p>${link(run)}</p>`,
    events === undefined ? [] : html`<p><code>${events}</code> on the machine that deployed</p>`,
  ].flat();
  return places.length === 0 ? undefined : row("Log", places);
}

const commitRow = ({ commit }: DeploymentFailure): Html | undefined =>
  commit === undefined ? undefined : row("Commit", html`<code>${commit}</code>`);
