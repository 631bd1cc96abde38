/** Markup that is safe to put into a page as it is. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What {@link html} takes: text is escaped, markup is kept, lists are joined, undefined is left out. */
export type HtmlValue = string | number | undefined | Html | readonly HtmlValue[];

/** Tag of template literals: markup in which every value is escaped, for text and for quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((text, i) => text + (i < values.length ? markup(values[i]) : "")).join(""));
}

/** Markup that we wrote ourselves; never for values. */
export const trusted = (markup: string): Html => new Html(markup);

/** A link; an address that is not of the web stays text, so that none can run as a script. */
export const link = (url: string, text: HtmlValue = url): Html =>
  /^https?:\/\//.test(url) ? html`<a href="${url}">${text}</a>` : html`${text}`;

function markup(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "object") return value.map(markup).join("");
  return `${value}`.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
