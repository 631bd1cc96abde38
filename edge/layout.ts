import { type HtmlValue, html, trusted } from "../infra/base/web/html";
import { LOGO } from "../infra/base/web/logo";
import { PLOT_STYLE } from "../infra/base/web/simmer/style";
import { BODY, COLOURS, LINKS, VERDICT_COLOURS } from "../infra/base/web/theme";

/** A page of the edge itself, as a complete document. */
export const layout = (title: string, main: HtmlValue): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${LOGO}
<h1>${title}</h1>
${main}</main>
</body>
</html>
`.toString();

/** The style of the edge's own pages, in the colours of the info pages. */
const STYLE = `
${COLOURS}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
${BODY}
main { max-width: 52rem; margin: 0 auto; padding: 3.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
${LINKS}
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
h1 { font-size: clamp(2rem, 7vw, 3rem); line-height: 1.1; letter-spacing: -.03em; font-weight: 650; }
h2 { font-size: 1.35rem; letter-spacing: -.01em; margin: 2.75rem 0 1rem; }
h3 { font-size: 1rem; }
.mark { display: block; width: 1.75rem; margin-bottom: 1rem; fill: var(--good); stroke: var(--good); }
.mark path { fill: none; stroke-width: 1.5; }
.lead { margin-top: .9rem; font-size: 1.125rem; color: var(--quiet); max-width: 40rem; text-wrap: pretty; }
.quiet { color: var(--quiet); }
ul { list-style: none; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); padding: .7rem 0; }
li > a, h3 a { font-weight: 600; }
.gone { padding: 1.1rem 0; display: grid; gap: .25rem; }
.gone h3 { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.verdict { font-size: .875rem; font-weight: 400; color: var(--quiet); white-space: nowrap; }
.verdict::before { content: ""; display: inline-block; width: .55rem; height: .55rem; border-radius: 50%;
  background: var(--quiet); margin-right: .45rem; }
${VERDICT_COLOURS}
.net { padding: 1.1rem 0; display: grid; gap: .5rem 2rem; }
.net h3 { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.net p, .key { font-size: .875rem; }
.late { color: var(--bad); font-weight: 600; }
.spark { display: block; }
.key { margin-bottom: 1rem; }
${PLOT_STYLE}
code { font: .875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.retired, .failed { margin: 1.5rem 0; }
:is(.retired, .failed) h2 { margin-top: 0; }
[data-verdict="failed"]::before { background: var(--bad); }
:is(.retired, .failed) :is(dl, img) { margin-top: 1rem; }
.rows > div { display: grid; grid-template-columns: 7rem 1fr; gap: .1rem 1rem; padding: .6rem 0;
  border-top: 1px solid var(--line); }
.rows dt { color: var(--quiet); }
@media (min-width: 44rem) { .net { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); align-items: start; } }
@media (max-width: 34rem) {
  main { padding-top: 2rem; }
  .rows > div { grid-template-columns: 1fr; }
}
`;
