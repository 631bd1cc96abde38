import { BODY, COLOURS, LINKS } from "../../infra/base/web/theme";

/** The style of the tap's pages, in the colours of all pages: one column that fits a telephone. */
export const STYLE = `
${COLOURS}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
${BODY}
main { max-width: 44rem; margin: 0 auto; padding: 3.5rem 1.25rem 4rem; }
${LINKS}
h1, h2, p, dl, dd { margin: 0; }
h1 { font-size: clamp(2.5rem, 8vw, 3.5rem); line-height: 1.1; letter-spacing: -.03em; font-weight: 650; }
h1 small { font-size: 1.125rem; font-weight: 400; letter-spacing: 0; color: var(--quiet); overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; letter-spacing: -.01em; }
.kind { display: flex; align-items: center; gap: .6rem; color: var(--quiet); margin-bottom: .75rem; }
.mark { width: 1.25rem; fill: var(--good); stroke: var(--good); flex: none; }
.mark path { fill: none; stroke-width: 1.5; }
.lead { margin-top: .9rem; font-size: 1.125rem; color: var(--quiet); text-wrap: pretty; }
.notice { margin-top: 1.75rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line);
  border-left: 4px solid var(--wait); border-radius: 8px; overflow-wrap: anywhere; }
.notice[data-tone="good"] { border-left-color: var(--good); }
.notice[data-tone="bad"] { border-left-color: var(--bad); }
.notice p { margin-top: .35rem; }
form { margin-top: 1.75rem; display: grid; gap: .6rem; }
label { font-weight: 600; }
input { width: 100%; min-width: 0; font: 1rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  padding: .75rem .9rem; color: var(--text); background: var(--card);
  border: 1px solid var(--quiet); border-radius: 8px; }
input::placeholder { color: var(--quiet); }
button { justify-self: start; font: 600 1rem system-ui, sans-serif; color: var(--ground); background: var(--link);
  border: 0; border-radius: 8px; padding: .75rem 1.5rem; cursor: pointer; }
button:disabled { opacity: .6; cursor: progress; }
[role="status"]:not(:empty), noscript p { color: var(--quiet); }
.next { margin-top: 1.25rem; color: var(--quiet); }
dl { margin-top: 2.25rem; }
.rows > div { display: grid; grid-template-columns: 8rem 1fr; gap: .1rem 1rem; padding: .6rem 0;
  border-top: 1px solid var(--line); }
.rows > div:last-child { border-bottom: 1px solid var(--line); }
.rows dt { color: var(--quiet); }
.rows dd { min-width: 0; }
code { font: .875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
@media (max-width: 34rem) {
  main { padding-top: 2rem; }
  .rows > div { grid-template-columns: 1fr; }
  button { justify-self: stretch; }
}
`;
