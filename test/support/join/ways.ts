/** The lines for a shell of each way to join that an info page shows, by the way's title, as a reader copies them. */
export function waysOn(page: string): ReadonlyMap<string, string> {
  const [, section = ""] = /<section id="join"[^>]*>(.*?)<\/section>/s.exec(page) ?? [];
  const articles = section.split("<article>").slice(1);
  const ways = articles.map((article): [string, string] => {
    const [, title = ""] = /<h3>([^<]*)<\/h3>/.exec(article) ?? [];
    const [, lines = ""] = /<pre><code>([^<]*)<\/code><\/pre>/.exec(article) ?? [];
    return [title, lines.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))];
  });
  return new Map(ways);
}
