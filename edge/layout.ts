/** Text as it may stand in markup and in quoted attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A page of the edge itself, in the colours of the info pages (infra/base/web/style.ts). */
export const layout = (title: string, main: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${MARK}
<h1>${escaped(title)}</h1>
${main}</main>
</body>
</html>
`;

/** Three nodes of a mesh, as on the info pages. */
const MARK = `<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 4 18h16Z"/><circle cx="12" cy="4" r="3"/><circle cx="4" cy="18" r="3"/><circle cx="20" cy="18" r="3"/></svg>`;

const STYLE = `
:root { color-scheme: light dark; --ground: #fbfbf8; --card: #fff; --line: #dfe2da;
  --text: #17201c; --quiet: #56625c; --link: #0a6b4f; --good: #0a7d5c; --wait: #8a5a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #101513; --card: #171d1a; --line: #2b342f;
    --text: #e7ece9; --quiet: #9daaa3; --link: #74d3ae; --good: #4fc799; --wait: #e0b04c; --bad: #ff8a80; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 3.5rem 1.25rem 4rem; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
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
[data-verdict="healthy"]::before { background: var(--good); }
[data-verdict="slow"]::before { background: var(--wait); }
[data-verdict="stalled"]::before, [data-verdict="split"]::before { background: var(--bad); }
code { font: .875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.retired { margin: 1.5rem 0; }
.retired h2 { margin-top: 0; }
.retired dl { margin-top: 1rem; }
.rows > div { display: grid; grid-template-columns: 7rem 1fr; gap: .1rem 1rem; padding: .6rem 0; border-top: 1px solid var(--line); }
.rows dt { color: var(--quiet); }
@media (max-width: 34rem) { main { padding-top: 2rem; } }
`;
