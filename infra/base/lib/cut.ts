import { jsonWithTexts } from "./json";

/** Longest look past the place of a cut, in UTF-16 units: a character of more parts is cut between its code points. */
const LONGEST_CHARACTER = 64;

const CHARACTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The start of a text, cut between two characters as people see them (grapheme clusters, Unicode UAX 29): half an emoji
 * is no text, and stores, environments and Discord each make something else of it.
 * @param units at most so many UTF-16 units
 */
export function beginningOf(text: string, units: number): string {
  if (text.length <= units) return text;
  if (units <= 0) return "";
  const within = text.slice(0, units + 2); // the next code point decides whether a character ends before it
  const start = CHARACTERS.segment(within).containing(units)?.index ?? units;
  if (units - start <= LONGEST_CHARACTER) return text.slice(0, start);
  return text.slice(0, isLowHalf(text.charCodeAt(units)) ? units - 1 : units);
}

/** The end of a text, at most so many UTF-16 units, which begins with a whole character. */
export function endOf(text: string, units: number): string {
  if (text.length <= units) return text;
  const near = text.slice(Math.max(0, text.length - units - LONGEST_CHARACTER));
  const at = near.length - units;
  const found = CHARACTERS.segment(near).containing(at);
  return !found || found.index === at ? near.slice(at) : near.slice(found.index + found.segment.length);
}

const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * A text that fits: whole, or its start with a mark at the end.
 * @param longest in UTF-16 units, the mark included
 */
export const cut = (text: string, longest: number, mark = "..."): string =>
  text.length <= longest ? text : beginningOf(text, longest - mark.length) + mark;

/** Half of a UTF-16 pair without its other half: JSON escapes it, and other programs refuse it. */
const HALF = /\p{Surrogate}/gu;

/** Whether any text in a document ends within a character. */
export function hasHalfCharacter(document: unknown): boolean {
  const text = JSON.stringify(document);
  return text !== JSON.stringify(withoutHalves(text));
}

/** The document of a JSON text, with U+FFFD for each half of a character. @throws {SyntaxError} when it is not JSON */
export const withoutHalves = (text: string): unknown => jsonWithTexts(text, (value) => value.replace(HALF, "\ufffd"));
