/** The style of the curves, in the colours of all pages. Every place has its size before it is filled. */
export const CURVES_STYLE = `
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 1px; margin: 1rem 0 .6rem;
  background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
figure { margin: 0; padding: .9rem 1.1rem; background: var(--card); min-width: 0; }
figure h3 { font-size: .875rem; font-weight: 400; color: var(--quiet); margin: 0; }
.last { color: var(--quiet); font-size: .875rem; line-height: 2.25rem; white-space: nowrap; overflow: hidden; }
.last b { color: var(--text); font: 400 1.75rem/1 system-ui, sans-serif; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.last:has(.key) b { font-size: 1.375rem; }
.last > span { margin-right: .75rem; }
.key { border-bottom: 2px solid var(--good); }
[data-last="last"] + .key { border-bottom: 2px dotted var(--quiet); }
.plot { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); grid-template-rows: 6.5rem; margin-top: .75rem; }
.plot span, .times { font-size: .75rem; line-height: 1; color: var(--quiet); font-variant-numeric: tabular-nums; }
.plot span { grid-area: 1 / 1; align-self: start; }
.plot svg { grid-area: 1 / 2; width: 100%; height: 100%; overflow: visible; }
.plot svg + span { align-self: end; }
.plot path { fill: none; stroke: var(--good); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.plot path.grid { stroke: var(--line); stroke-width: 1; }
[data-line="last"] { stroke: var(--quiet) !important; stroke-dasharray: 1 4; }
.times { display: flex; justify-content: space-between; min-height: 1em; margin: .5rem 0 0 3.5rem; }
.retired ~ #curves { display: none; }
@media (scripting: none) { [data-curves] { display: none; } }
@media print { #curves { display: none; } }
`;
