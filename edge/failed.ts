import type { DeploymentFailure } from "../infra/base/model/deployment-failure";
import { failureWords } from "../infra/base/model/failure-words";
import { type Html, html, link } from "../infra/base/web/html";
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
  const { where, saw, next } = failureWords(failure);
  return html`<li class="gone">
<h3><a href="/networks/${name}">${failure.tag}</a> <span class="verdict bad">failed at ${where}</span></h3>
<p>${saw}</p>
<p class="quiet">${moment(failure.at)}. ${next[0]?.why} <code>${next[0]?.command}</code></p>
</li>
`;
}

/** The notice in the page of a network whose deployment failed. The page's own style applies. */
export function failedSection(failure: DeploymentFailure): Html {
  const { where, saw, fix, others, next } = failureWords(failure);
  return html`
<section class="notice failed" aria-labelledby="failed-title">
<h2 id="failed-title">The deployment of ${failure.tag} failed</h2>
<p>It stopped at the step <strong>${where}</strong> on ${moment(failure.at)}. The network is not complete.</p>
<dl class="rows">
<div><dt>What it saw</dt><dd>${saw}</dd></div>
${others.map((other) => row("Failed after it", other))}${fix === undefined ? undefined : row("To fix", fix)}
${logRow(failure)}${commitRow(failure)}<div><dt>What comes next</dt><dd>${next.map(
    ({ why, command }) => html`<p>${why}<br><code>${command}</code></p>\n`,
  )}</dd></div>
</dl>
</section>`;
}

/** The page of a network that failed before its page was made. */
export const failedPage = (failure: DeploymentFailure): string =>
  layout(
    failure.tag,
    html`${failedSection(failure)}
<p>It has no page of its own, since its deployment did not get that far. <a href="/">All networks</a></p>
`,
  );

const row = (name: string, value: string | Html): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`;

function logRow({ log: { run, events } }: DeploymentFailure): Html | undefined {
  if (run === undefined && events === undefined) return undefined;
  const file = events === undefined ? undefined : html`<code>${events}</code> on the machine that deployed`;
  if (run === undefined) return row("Log", html`${file}`);
  return row("Log", html`${link(run)}${file && html`<br>${file}`}`);
}

const commitRow = ({ commit }: DeploymentFailure): Html | undefined =>
  commit === undefined ? undefined : row("Commit", html`<code>${commit}</code>`);
