import { cut } from "../base/lib/cut";
import { plainLine } from "../base/lib/text";
import { utc } from "../base/web/format";
import { mask } from "./mask";

// Texts of others get into Markdown that Jekyll or Hugo renders. They must stay what they are: no markup, no HTML, no
// tag of a template, and no marker of our parts.

/** Characters that Markdown, HTML, Liquid or Hugo's shortcodes may take for markup. Any of them may be escaped. */
const MARKUP = /[\\`*_[\]#|~$]/g;
/** An escaped brace would still open a tag of Liquid, which reads the text before Markdown does. */
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;" };
/** Longest text of others in a sentence, in characters. */
const LONGEST = 600;

/** A text of others as one line of Markdown, with secrets and addresses masked. */
export function prose(text: string): string {
  return cut(mask(plainLine(text)), LONGEST, "…")
    .replace(MARKUP, "\\$&")
    .replace(/[&<>{]/g, (character) => ENTITIES[character] ?? character)
    .replace(/^([-+=:])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
}

/** A text of others in the font of code, on one line. */
export const code = (text: string): string => `\`${harmless(mask(plainLine(text))).replaceAll("`", "'")}\``;

/** Lines of others, already masked, as a block of code. */
export function codeBlock(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...lines.map(harmless), fence].join("\n");
}

/** Nothing can be escaped in code, so a space parts what a template or a merge would take for its own. */
const harmless = (text: string): string => text.replace(/\{(?=[{%#])/g, "{ ").replaceAll("<!--", "<! --");

/** A table of two columns. Values are Markdown without a bar. */
export const table = (rows: readonly (readonly [name: string, value: string])[]): string =>
  ["| Fact | Value |", "|--|--|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** A sentence of others: it ends with a full stop, once. */
export const sentence = (text: string): string => {
  const line = prose(text);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
};

/** `2026-11-24 21:07:00 UTC`. */
export const time = (at: string): string => utc(at);

/** `1 node`, `25 nodes`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `a, b and 3 more`. */
export function some(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map(prose).join(", ");
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`;
}
