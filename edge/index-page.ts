import type { DeploymentFailure } from "../infra/base/model/deployment-failure";
import type { SimmerSummary } from "../infra/base/model/simmer-summary";
import { type Html, html } from "../infra/base/web/html";
import { FAILED_NOTE, failedItem } from "./failed";
import type { Retired } from "./history";
import { layout } from "./layout";
import { sortNames, tagOfName } from "./networks";
import { retiredItem } from "./retired";
import { runningItem, SIMMER_KEY } from "./simmer";

/** The content of the index. */
export interface Index {
  /** Names of channels that have a page. */
  readonly channels: readonly string[];
  /** Names of networks that have a page and are in the network list. */
  readonly running: readonly string[];
  /** Networks that have a page, but are in no list: being deployed or retired, or retired before the history began. */
  readonly others: readonly string[];
  /** Deployments that failed, by the names of their networks. */
  readonly failed: ReadonlyMap<string, DeploymentFailure>;
  readonly retired: readonly Retired[];
  /** The simmers of running networks, by their names. */
  readonly simmers: ReadonlyMap<string, SimmerSummary>;
}

/**
 * The page at `/`, for people: all channels and networks, including retired ones.
 * @param now milliseconds since 1970
 */
export function indexPage({ channels, running, others, failed, retired, simmers }: Index, now: number): string {
  const isEmpty = failed.size === 0 && [channels, running, others, retired].every(({ length }) => length === 0);
  const sections = [
    section("Channels", channels.map(item)),
    section(
      "Running",
      running.map((name) => runningItem(name, simmers.get(name), now)),
      simmers.size > 0 ? SIMMER_KEY : undefined,
    ),
    section(
      "Failed",
      sortNames([...failed.keys()]).networks.flatMap((name) => {
        const failure = failed.get(name);
        return failure ? [failedItem(name, failure)] : [];
      }),
      FAILED_NOTE,
    ),
    section("Retired", retired.map(retiredItem)),
    section("Not in the list", others.map(item)),
  ];
  return layout(
    "Spacemesh networks",
    html`<p class="lead">For programs: <a href="/networks.json">networks.json</a>, the newest network first, and
<a href="/history.json">history.json</a>, the newest retirement first.</p>
${isEmpty ? html`<p>There is no network yet.</p>\n` : undefined}${sections}`,
  );
}

/** The page at the host of a channel that has no page. @param networksUrl address of the index */
export function emptyChannelPage(channel: string, networksUrl: string): string {
  return layout(
    `Spacemesh ${channel}`,
    html`<p class="lead">${channel} points to no network yet. <a href="${networksUrl}">All networks</a></p>
`,
  );
}

const section = (title: string, items: readonly Html[], note?: Html): Html | undefined =>
  items.length === 0 ? undefined : html`<h2>${title}</h2>\n${note}<ul>\n${items}</ul>\n`;

const item = (name: string): Html =>
  html`<li><a href="/networks/${encodeURIComponent(name)}">${tagOfName(name)}</a></li>\n`;
