import { type Retired, retiredItem } from "./history";
import { escaped, layout } from "./layout";
import { tagOfName } from "./networks";

/** What the index shows. */
export interface Index {
  /** Names of channels and networks that have a page. */
  readonly channels: readonly string[];
  readonly running: readonly string[];
  /** Networks that have a page and are in neither list: being deployed or retired, or gone before there was a history. */
  readonly others: readonly string[];
  readonly retired: readonly Retired[];
}

/** The page at `/`, for people: every channel and network, also those that are gone. */
export function indexPage({ channels, running, others, retired }: Index): string {
  const isEmpty = [channels, running, others, retired].every(({ length }) => length === 0);
  return layout(
    "Spacemesh networks",
    `<p class="lead">For programs: <a href="/networks.json">networks.json</a>, the newest network first, and
<a href="/history.json">history.json</a>, the newest retirement first.</p>
${isEmpty ? "<p>There is no network yet.</p>\n" : ""}${section("Channels", channels.map(link))}${section("Running", running.map(link))}${section("Retired", retired.map(retiredItem))}${section("Not in the list", others.map(link))}`,
  );
}

/** The page of a channel that has none, at the channel's own host; `networksUrl` is the index. */
export function emptyChannelPage(channel: string, networksUrl: string): string {
  return layout(
    `Spacemesh ${channel}`,
    `<p class="lead">${escaped(channel)} points to no network yet. <a href="${escaped(networksUrl)}">All networks</a></p>
`,
  );
}

const section = (title: string, items: readonly string[]): string =>
  items.length === 0 ? "" : `<h2>${title}</h2>\n<ul>\n${items.join("")}</ul>\n`;

const link = (name: string): string =>
  `<li><a href="/networks/${encodeURIComponent(name)}">${escaped(tagOfName(name))}</a></li>\n`;
