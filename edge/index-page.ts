import { escaped, layout } from "./layout";

/** What the index links to, each by its name in paths. */
export interface Index {
  readonly channels: readonly string[];
  readonly running: readonly string[];
  readonly retired: readonly string[];
}

/** The page at `/`, for people: every channel and network that has a page here. */
export function indexPage({ channels, running, retired }: Index): string {
  return layout(
    "Spacemesh networks",
    `<p class="lead">For programs: <a href="/networks.json">networks.json</a>, the newest network first.</p>
${section("Channels", channels)}${section("Running", running)}${section("Retired", retired)}`,
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

function section(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const items = names.map((name) => `<li><a href="/networks/${encodeURIComponent(name)}">${escaped(name)}</a></li>\n`);
  return `<h2>${title}</h2>\n<ul>\n${items.join("")}</ul>\n`;
}
