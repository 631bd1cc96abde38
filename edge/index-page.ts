/** What the index links to, each by its name in paths. */
export interface Index {
  readonly channels: readonly string[];
  readonly running: readonly string[];
  readonly retired: readonly string[];
}

/** The page at `/`, for people: every channel and network that has a page here. */
export function indexPage({ channels, running, retired }: Index): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Spacemesh networks</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style>
<h1>Spacemesh networks</h1>
<p>For programs: <a href="/networks.json">networks.json</a>, the newest network first.</p>
${section("Channels", channels)}${section("Running", running)}${section("Retired", retired)}</html>
`;
}

function section(title: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const items = names.map((name) => `<li><a href="/networks/${encodeURIComponent(name)}">${escaped(name)}</a></li>\n`);
  return `<h2>${title}</h2>\n<ul>\n${items.join("")}</ul>\n`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
