/** Markup that a page may contain unescaped. */
export class Html {
  constructor(private readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** A value of {@link html}. Text is escaped, markup is kept, the items of a list are joined, undefined is left out. */
export type HtmlValue = string | number | undefined | Html | readonly HtmlValue[];

/** Tag of template literals. It escapes every value, so that values are safe in text and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.map((text, i) => text + (i < values.length ? markup(values[i]) : "")).join(""));
}

/** Marks our own markup as safe; never use it for values. */
export const trusted = (markup: string): Html => new Html(markup);

/** Whether an address belongs to the web. A browser could run any other address as a script. */
export const isWebUrl = (url: string): boolean => /^https?:\/\//.test(url);

/** A link, or only its text when the address does not belong to the web. */
export const link = (url: string, text: HtmlValue = url): Html =>
  isWebUrl(url) ? html`<a href="${url}">${text}</a>` : html`${text}`;

function markup(value: HtmlValue): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.toString();
  if (typeof value === "object") return value.map(markup).join("");
  return `${value}`.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
