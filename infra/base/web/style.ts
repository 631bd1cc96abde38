import { BODY, COLOURS, LINKS, VERDICT_COLOURS } from "./theme";

/** The style of an info page: system fonts, one column or two by the width, dark if the reader's system is dark. */
export const STYLE = `
${COLOURS}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
${BODY}
main, footer { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem; }
${LINKS}
h1, h2, h3, p, dl, dd, pre { margin: 0; }
h1 { font-size: clamp(2.5rem, 8vw, 4rem); line-height: 1.1; letter-spacing: -.03em; font-weight: 650; }
h1 small { font-size: 1.125rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); white-space: nowrap; }
h2 { font-size: 1.35rem; letter-spacing: -.01em; margin-bottom: 1rem; }
h3 { font-size: 1rem; margin-bottom: .5rem; }
.note, footer { color: var(--quiet); font-size: .875rem; }

header { padding: 3.5rem 0 .5rem; }
.kind { display: flex; align-items: center; gap: .6rem; color: var(--quiet); margin-bottom: .75rem; }
.mark { width: 1.25rem; fill: var(--good); stroke: var(--good); flex: none; }
.mark path { fill: none; stroke-width: 1.5; }
.lead { margin-top: .9rem; font-size: 1.125rem; color: var(--quiet); max-width: 48rem; text-wrap: pretty; }
.notice { margin-top: 1.25rem; padding: .8rem 1.1rem; background: var(--card); border: 1px solid var(--line);
  border-left: 4px solid var(--wait); border-radius: 8px; max-width: 48rem; overflow-wrap: anywhere; }
.retired { max-width: none; margin-top: 2rem; padding: 1.1rem 1.25rem .4rem; border-left-color: var(--quiet); }
.retired h2 { margin-bottom: .4rem; }
.retired :is(dl, img) { margin-top: .9rem; }
.retired .rows > div:last-child { border-bottom: 0; }
.retired + header { padding-top: 2.5rem; }
.retired ~ #now, .retired ~ #simmer, .retired ~ #join, .retired + header :is(.out, li:has([href="#join"])) { display: none; }
.failed { border-left-color: var(--bad); }
.failed dl { margin-top: .9rem; }
.failed .rows > div:last-child { border-bottom: 0; }
.verdict::before { content: ""; display: inline-block; width: .6rem; height: .6rem; border-radius: 50%;
  background: var(--quiet); margin-right: .5rem; }
${VERDICT_COLOURS}
nav { display: flex; flex-wrap: wrap; gap: .6rem 1.5rem; margin-top: 1.5rem; }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; align-items: center; gap: 1.25rem; }
nav a { display: inline-block; padding: .35rem 0; }
nav .out { gap: .6rem; }
.out a { padding: .4rem 1rem; border: 1px solid var(--link); border-radius: 8px; text-decoration: none; font-weight: 550; }
.out a:hover { background: var(--link); color: var(--ground); }

section { margin-top: 3rem; }
.state { display: flex; align-items: baseline; gap: .6rem; font-weight: 600; }
.state::before { content: ""; width: .6rem; height: .6rem; border-radius: 50%; background: var(--wait); flex: none; }
[data-tone="good"] .state::before { background: var(--good); }
[data-tone="bad"] .state::before { background: var(--bad); }
noscript p { margin-bottom: .75rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1px; margin: 1rem 0 .6rem;
  background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.tiles div { background: var(--card); padding: .9rem 1.1rem; }
.tiles dt { color: var(--quiet); font-size: .875rem; }
.tiles dd { font-size: 1.75rem; line-height: 1.25; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }

#simmer img { display: block; width: 100%; max-width: 48rem; margin-top: 1.25rem; }

.ways article { display: grid; gap: .75rem 2rem; padding: 1.25rem 0; border-top: 1px solid var(--line); }
.ways article:last-child { border-bottom: 1px solid var(--line); }
.pair { display: grid; gap: 0 3rem; }

code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875rem; }
code { overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
pre { background: var(--sunk); border-radius: 8px; padding: .8rem .9rem; white-space: pre-wrap; line-break: anywhere; line-height: 1.6; }
.copy { position: relative; }
.copy button { font: 500 .75rem/1.4 system-ui, sans-serif; color: var(--quiet); background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; min-height: 1.5rem; padding: .15rem .55rem; cursor: pointer; }
.copy button:hover { color: var(--text); border-color: var(--quiet); }
div.copy button { position: absolute; top: .5rem; right: .5rem; }
div.copy:has(button) pre { padding-right: 4.5rem; }

.rows > div { display: grid; grid-template-columns: 9.5rem 1fr; gap: .1rem 1rem; padding: .6rem 0; border-top: 1px solid var(--line); }
.rows > div:last-child { border-bottom: 1px solid var(--line); }
.rows dt { color: var(--quiet); }
.rows dd { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; min-width: 0; }
.rows dd:has(.copy) { flex-wrap: nowrap; }
.rows .copy { display: contents; }
.rows .copy code { flex: 1; }
.rows .copy button { order: 1; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .6rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-size: .875rem; font-weight: 400; padding-top: 0; }
tbody th { font-weight: 400; padding-right: 1rem; }
td { white-space: nowrap; }
footer { margin-top: 4rem; padding-bottom: 3rem; overflow-wrap: anywhere; }

@media (min-width: 52rem) {
  .pair { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .ways article { grid-template-columns: 16rem minmax(0, 1fr); }
}
@media (max-width: 34rem) {
  .rows > div { grid-template-columns: 1fr; }
  div.copy button { display: block; position: static; margin: .4rem 0 0 auto; }
  div.copy:has(button) pre { padding-right: .9rem; }
  header { padding-top: 2rem; }
  section { margin-top: 2.5rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  body { background: none; font-size: 10pt; }
  nav, #now, .copy button { display: none; }
  .ways article, tr, .rows > div { break-inside: avoid; }
  section { margin-top: 1.5rem; }
}
`;
