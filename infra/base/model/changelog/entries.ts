import type { ListItem, RootContent } from "mdast";
import { toString as plainText } from "mdast-util-to-string";
import { lineOf, type Section, spanOf } from "./read";

/** One change of a section. */
export interface Entry {
  /** The nearest heading above it within the section, such as `Added`. */
  readonly heading?: string;
  /** All headings above it within the section, outermost first. */
  readonly headings: readonly string[];
  /** Its Markdown on one line, without the mark of the list and without comments. */
  readonly text: string;
  /** The line of its beginning, from 1. */
  readonly line: number;
}

/** The items of the lists in a section, in its order. What is nested in an item belongs to that item. */
export const entriesOf = (section: Section): readonly Entry[] =>
  collected(section, (node) => (node.type === "list" ? node.children : []));

/** The paragraphs of a section that stand outside of lists, such as advice for an upgrade. */
export const proseOf = (section: Section): readonly Entry[] =>
  collected(section, (node) => (node.type === "paragraph" ? [node] : []));

function collected(section: Section, partsOf: (node: RootContent) => readonly (RootContent | ListItem)[]): Entry[] {
  const entries: Entry[] = [];
  const above: { readonly depth: number; readonly text: string }[] = [];
  for (const node of section.nodes) {
    if (node.type === "heading") {
      while ((above.at(-1)?.depth ?? 0) >= node.depth) above.pop();
      above.push({ depth: node.depth, text: plainText(node, { includeHtml: false }).trim() });
    }
    const headings = above.map(({ text }) => text);
    const heading = headings.at(-1);
    for (const part of partsOf(node)) {
      const text = onOneLine(section, part);
      if (text !== "")
        entries.push({ ...(heading === undefined ? {} : { heading }), headings, text, line: lineOf(part) });
    }
  }
  return entries;
}

const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;

/** The Markdown of a part. An item without content, `-`, has none. */
function onOneLine({ body, bodyStart }: Section, part: RootContent | ListItem): string {
  const content = part.type === "listItem" ? part.children : [part];
  const [first, last] = [content[0], content.at(-1)];
  if (!first || !last) return "";
  const text = body.slice(spanOf(first).start - bodyStart, spanOf(last).end - bodyStart);
  return text.replace(COMMENT, " ").replace(/\s+/g, " ").trim();
}
