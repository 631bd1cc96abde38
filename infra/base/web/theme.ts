/** Colours of all pages, light and dark. */
export const COLOURS = `:root {
  color-scheme: light dark;
  --ground: #fbfbf8; --card: #fff; --sunk: #f3f4ef; --line: #dfe2da;
  --text: #17201c; --quiet: #56625c; --link: #0a6b4f; --good: #0a7d5c; --wait: #8a5a00; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101513; --card: #171d1a; --sunk: #0c100e; --line: #2b342f;
    --text: #e7ece9; --quiet: #9daaa3; --link: #74d3ae; --good: #4fc799; --wait: #e0b04c; --bad: #ff8a80;
  }
}`;

/** Ground, text and font of all pages. */
export const BODY =
  "body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }";

/** Links and the focus of all pages. */
export const LINKS = `a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }`;

/** Colours of the dot before a verdict; a verdict without a rule keeps a grey dot. */
export const VERDICT_COLOURS = `[data-verdict="healthy"]::before { background: var(--good); }
[data-verdict="slow"]::before { background: var(--wait); }
[data-verdict="stalled"]::before, [data-verdict="split"]::before { background: var(--bad); }`;
