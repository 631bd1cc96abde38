import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/**
 * Characters that make a terminal do something else than show them: C0 and C1 controls but tab and line feed, what turns
 * the direction of writing (Unicode Standard Annex 9), other separators of lines, and invisible tags and annotations.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const LINE_END = /\r?\n/g;

/**
 * A text of ours with texts of others in it, as a terminal may get it. Control characters stand as what they are,
 * `\x1b` or `\u202e`, so that nobody's log colours, moves, hides or answers anything. Line ends are kept.
 */
export const visible = (text: string): string =>
  text.replace(LINE_END, "\n").replace(CONTROLS, (character) => written(character.codePointAt(0) ?? 0));

/** The same for one line: a line end within it is shown too, since it would forge a line of ours. */
export const visibleLine = (text: string): string => visible(text).replaceAll("\n", "\\n");

/** The same for a message of others with several lines: all but the first are indented, so that none looks like ours. */
export const visibleMessage = (text: string): string => visible(text).replaceAll("\n", "\n  ");

/** A document as JSON, with the same value, that a terminal may get. */
export const visibleJson = (document: unknown): string =>
  JSON.stringify(document).replace(CONTROLS, (character) =>
    [...Array(character.length).keys()].map((i) => `\\u${hex(character.charCodeAt(i), 4)}`).join(""),
  );

/** What {@link visible} keeps besides: colours, in lines of ours whose texts of others were made visible before. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins a colour
const COLOUR = /(\u001b\[\d{1,3}(?:;\d{1,3}){0,9}m)/;

/** A line of ours with our own colours. */
export const visiblePainted = (line: string): string =>
  line
    .split(COLOUR)
    .map((part, i) => (i % 2 === 1 ? part : visibleLine(part)))
    .join("");

/**
 * A stream that makes bytes visible, such as a log, and writes them to another, which stays open. They are read as UTF-8.
 * When it has finished, the other has taken all.
 */
export function visibleInto(out: Writable): Writable {
  const decoder = new StringDecoder("utf8");
  let held = ""; // a carriage return that the next piece may make a line end
  return new Writable({
    write(chunk: Buffer, _, done) {
      const text = held + decoder.write(chunk);
      held = text.endsWith("\r") ? "\r" : "";
      out.write(visible(text.slice(0, text.length - held.length)), done);
    },
    final(done) {
      out.write(visible(held + decoder.end()), done);
    },
  });
}

const written = (code: number): string =>
  code < 0x100 ? `\\x${hex(code, 2)}` : code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`;

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
