/** A part of a text, by UTF-16 units, and what stands there afterwards. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with all edits made. They do not overlap, and may come in any order. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let done = 0;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(done, start) + replacement;
    done = end;
  }
  return result + text.slice(done);
}

/** Where the line after an offset begins; the end of the text when there is none. Lines end in LF, CRLF or CR. */
export function nextLine(text: string, offset: number): number {
  const end = /\r\n?|\n/.exec(text.slice(offset));
  return end ? offset + end.index + end[0].length : text.length;
}
