/**
 * Style of the plots, in the colours of the pages (theme.ts). Sizes are in pixels: a plot stretches to the width that
 * it gets, and its words keep their size.
 */
export const PLOT_STYLE = `
.plot { font: 12px system-ui, sans-serif; fill: var(--text); overflow: visible; }
.plot .head { font-size: 15px; font-weight: 600; }
.plot .small { font-size: 11px; }
.plot .soft { fill: var(--quiet); }
.plot .alarm { fill: var(--bad); font-weight: 600; }
.plot .end { text-anchor: end; }
.plot .middle { text-anchor: middle; }
.plot .rule { stroke: var(--line); }
.plot .frame { stroke: var(--ink); }
.plot .curve { fill: none; stroke: var(--text); stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
.plot .pale { stroke: var(--quiet); stroke-width: 5; opacity: .45; }
.is-healthy { --ink: var(--good); } .is-slow { --ink: var(--wait); } .is-blind, .is-unwatched { --ink: var(--quiet); }
.is-stalled, .is-split { --ink: var(--bad); }
.plot .tint { fill: var(--ink); opacity: .16; }
.plot .stroke { fill: none; stroke: var(--ink); opacity: .55; }
.plot .strong { stroke-width: 1.5; opacity: .8; }
.plot .dot { fill: var(--ink); opacity: .6; }
`;
