import { beginningOf, endOf } from "../../base/lib/cut";
import { masked } from "../../base/lib/masked";

/**
 * Foreign text: values of stacks, error texts, tags. Whoever wrote it must not be able to write into our comment: no
 * HTML, no mention, no reference to an issue, no second marker, no hidden character.
 */

/** Control and format characters, separators of lines, halves of characters: invisible, or misleading. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]/gu;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text with hidden characters as escapes, e.g. `\u202e`, and on one line. No comment of HTML begins in it. */
export const visible = (text: string): string =>
  text
    .replace(HIDDEN, (character, at: number) => (joinsEmoji(text, character, at) ? character : escaped(character)))
    .replaceAll("<!--", "\\u003c!--"); // the marker of our comment is one, and stands in it once

/** A joiner makes one emoji of two, as in a family. */
const joinsEmoji = (text: string, character: string, at: number): boolean =>
  character === "\u200d" &&
  /(\p{Extended_Pictographic}|\p{Emoji_Modifier})\ufe0f?$/u.test(text.slice(Math.max(0, at - 3), at)) &&
  /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3));

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).padStart(4, "0");
  return NAMED[character] ?? (code > 0xffff ? `\\u{${digits}}` : `\\u${digits}`);
}

/** Several lines as one, as an error shows them. */
export const oneLine = (text: string): string =>
  text
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");

/**
 * Cuts out the middle of a long text, and says how many characters. It cuts no emoji in half.
 * @param limit of what stays, in UTF-16 units
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = beginningOf(text, Math.ceil((limit * 2) / 3));
  const tail = endOf(text, Math.floor(limit / 3));
  const left = codePoints(text) - codePoints(head) - codePoints(tail);
  return `${head}[... ${left} characters left out ...]${tail}`;
}

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

/** Longest foreign text within a sentence, in UTF-16 units. */
const LONGEST_WORD = 300;

/** Foreign text as one line without surprises, for a terminal and for code. */
export function plainOf(text: string, limit = LONGEST_WORD): string {
  const shown = visible(cut(masked(oneLine(text)), limit));
  return shown.length > 2 * limit ? cut(shown, limit) : shown; // escapes are longer than what they stand for
}

/** Foreign text as code within a line of Markdown: nothing in code calls, closes or links. */
export function codeOf(text: string, limit = LONGEST_WORD): string {
  const shown = plainOf(text, limit) || " ";
  const ticks = "`".repeat(longestRun(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) || shown.trim() === "" ? " " : "";
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** The same within a cell of a table, where code does not hold back a pipe. */
export const cellOf = (text: string, limit = LONGEST_WORD): string => codeOf(text, limit).replaceAll("|", "\\u007c");

/** The same within a line of HTML. */
export const htmlOf = (text: string, limit = LONGEST_WORD): string =>
  `<code>${plainOf(text, limit).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)}</code>`;

/** Lines as a block of code, whose fence is longer than any run of back-ticks in them. */
export function fenced(lines: readonly string[], language: string): string[] {
  const ticks = "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${ticks}${language}`, ...lines, ticks];
}

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
