import { utc } from "../../base/web/format";
import { type Html, type HtmlValue, html } from "../../base/web/html";

/** A part of the page with a heading of its own, to which a link can lead. */
export const section = (id: string, title: string, content: HtmlValue): Html => html`
<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>`;

/** A list of names and values. */
export const definitions = (rows: readonly Html[]): Html => html`<dl class="rows">${rows}
</dl>`;

/** One name with its value, and what to know of it. */
export const definition = (name: string, value: HtmlValue, note?: HtmlValue): Html => html`
<div><dt>${name}</dt><dd>${value}${note === undefined ? undefined : html` <span class="note">${note}</span>`}</dd></div>`;

/** A value to copy: one click selects all of it, and where scripts run a button copies it. */
export const copyable = (text: string): Html => html`<span class="copy"><code>${text}</code></span>`;

/** Lines for a shell, to copy. */
export const commands = (lines: readonly string[]): Html => html`
<div class="copy"><pre><code>${lines.join("\n")}</code></pre></div>`;

/** A moment, RFC 3339. */
export const moment = (time: string): Html => html`<time datetime="${time}">${utc(time)}</time>`;

/** A way to take part: what it is, and the lines for a shell, if there are any. */
export const way = (title: string, text: Html, lines: readonly string[] = []): Html => html`
<article>
<div><h3>${title}</h3>
<p>${text}</p></div>${lines.length > 0 ? commands(lines) : undefined}
</article>`;
