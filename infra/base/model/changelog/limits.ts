import { tooLarge } from "../../lib/bounded";
import { UserError } from "../../lib/errors";

/** Most bytes of a changelog. That of cosmos-sdk, one of the longest, has 350 KiB. */
export const LONGEST_CHANGELOG = 512 * 1024;

/** Longest line, in characters. */
const LONGEST_LINE = 16_384;

/** Most levels of quotes and lists around a text. */
const DEEPEST = 12;

/**
 * What a reader of Markdown searches from again and again, and how often it may stand in lines without an empty line
 * between them. More of it would take the reader minutes: 7,000 unclosed comments take 5 s, 60,000 six minutes.
 */
const COSTLY: readonly (readonly [what: string, pattern: RegExp, most: number])[] = [
  ["openings of comments", /<[!?]/g, 100],
  ["links", /\]\(/g, 2000],
];

/** A line that begins more levels of quotes and lists than {@link DEEPEST}. */
const TOO_DEEP = new RegExp(`^(?:[ \\t]{0,9}(?:>|[*+-][ \\t]|\\d{1,9}[.)][ \\t])){${DEEPEST + 1}}`);
/** An indented line of a list that can only be so deep. */
const TOO_FAR = new RegExp(`^[ \\t]{${DEEPEST * 8},}[*+-][ \\t]`);

/** Marks of quotes at the start of a line, and the mark of a list three levels deep. */
const QUOTES = /^(?:[ \t]{0,9}>){1,50}/;
const NESTED = /^[ \t]{6,}[*+-][ \t]/;
/** Most of both in a changelog: 40,000 quotes take a minute. */
const MOST_NESTED = 2000;

/**
 * Checks that a changelog can be read in seconds.
 * @throws {UserError} with the line that is too long, too deep or too costly
 */
export function requireWithinLimits(text: string): void {
  if (Buffer.byteLength(text) > LONGEST_CHANGELOG) throw tooLarge("The changelog", LONGEST_CHANGELOG);
  let counts = COSTLY.map(() => 0);
  let nested = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.length > LONGEST_LINE) throw tooCostly(index, `is longer than ${LONGEST_LINE} characters`);
    if (TOO_DEEP.test(line) || TOO_FAR.test(line))
      throw tooCostly(index, `begins more than ${DEEPEST} lists or quotes`);
    nested += (QUOTES.exec(line)?.[0].split(">").length ?? 1) - 1 + (NESTED.test(line) ? 1 : 0);
    if (nested > MOST_NESTED) throw tooCostly(index, `is the end of more than ${MOST_NESTED} quotes and nested lists`);
    if (line.trim() === "") counts = COSTLY.map(() => 0);
    const open = line.slice(line.lastIndexOf("-->") + 1); // the comments before it end in this line
    for (const [i, [what, pattern, most]] of COSTLY.entries()) {
      counts[i] = (counts[i] ?? 0) + (open.match(pattern)?.length ?? 0);
      if (counts[i] > most) throw tooCostly(index, `is the end of more than ${most} ${what} without an empty line`);
    }
  }
}

const tooCostly = (index: number, what: string): UserError =>
  new UserError(
    "ChangelogTooCostly",
    `Line ${index + 1} of the changelog ${what}, which would take minutes to read.`,
    "Divide it, or restore the line.",
    2,
  );
