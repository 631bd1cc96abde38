import { isBuildTag } from "./build-tag";

// The page and the edge may import this file: no zod, nothing of Node.js.

/** A line `Key: value` at the end of a message, such as `Signed-off-by: A`. */
export interface Trailer {
  readonly key: string;
  /** One line; folded lines are joined by a space. */
  readonly value: string;
}

/** Why a build took the place of another one. */
export interface Superseded {
  /** The older build, `v1.2.3+1`. */
  readonly tag: string;
  /** What was wrong with it, in one line. */
  readonly why: string;
}

/** How git begins the signature that it puts after a tag's message (gpg-interface.c). */
const SIGNATURE = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----/;

const TRAILER = /^([A-Za-z\d-]+)[ \t]*:(.*)$/s;

/** Lines that git writes itself (trailer.c). With one of them, a quarter of the paragraph's lines is enough. */
const GENERATED = /^(?:Signed-off-by: |\(cherry picked from commit )/;

/**
 * The trailers of a message, as `git interpret-trailers --parse --no-divider` finds them: in the last paragraph alone,
 * when all its lines are trailers. Two things differ: the only paragraph of a message may hold trailers, since
 * `git tag -m "Key: value"` writes no other one, and folded lines are joined by one space.
 * @param message of a commit or a tag, with its signature or without
 */
export function trailersIn(message: string): Trailer[] {
  const paragraph = lastParagraph(unsigned(message.split("\n")));
  return isOfTrailers(paragraph) ? paragraph.flatMap((line, index) => trailerAt(paragraph, line, index)) : [];
}

/** The values of one kind of trailer, without empty ones. Case does not count in a key. */
export const trailerValues = (message: string, key: string): string[] =>
  trailersIn(message)
    .filter((one) => one.key.toLowerCase() === key.toLowerCase() && one.value !== "")
    .map(({ value }) => value);

/**
 * Which build a build tag supersedes, by its trailer `Supersedes: v1.2.3+1 TEXT`.
 * @returns undefined unless there is exactly one such trailer, and it has this form
 */
export function supersededIn(message: string): Superseded | undefined {
  const [value, ...more] = trailerValues(message, "Supersedes");
  const [, tag, why] = /^(\S+)\s+(\S.*)$/s.exec(value ?? "") ?? [];
  return tag && why && isBuildTag(tag) && more.length === 0 ? { tag, why } : undefined;
}

/** The trailer that {@link supersededIn} reads. */
export const supersedes = ({ tag, why }: Superseded): string => `Supersedes: ${tag} ${why}`;

function unsigned(lines: readonly string[]): readonly string[] {
  const start = lines.findLastIndex((line) => SIGNATURE.test(line));
  return start < 0 ? lines : lines.slice(0, start);
}

/** The lines after the last blank one, without comments and blank lines below them. */
function lastParagraph(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => !isBlank(line) && !isComment(line)) + 1;
  const start = lines.slice(0, end).findLastIndex(isBlank) + 1;
  return lines.slice(start, end);
}

const isComment = (line: string): boolean => line.startsWith("#");

const isBlank = (line: string): boolean => line.trim() === "";

/** Whether a line belongs to the one before it. */
const isFolded = (line: string): boolean => /^\s/.test(line);

function isOfTrailers(paragraph: readonly string[]): boolean {
  let [trailers, others] = [0, 0];
  let isTrailer = false;
  for (const line of paragraph) {
    // As in git, a line folded into a trailer counts for neither side, and a comment only ends that.
    if (isFolded(line)) {
      if (!isTrailer) others++;
      continue;
    }
    isTrailer = GENERATED.test(line) || TRAILER.test(line);
    if (isTrailer) trailers++;
    else if (!isComment(line)) others++;
  }
  const isGenerated = paragraph.some((line) => GENERATED.test(line));
  return trailers > 0 && (others === 0 || (isGenerated && trailers * 3 >= others));
}

function trailerAt(paragraph: readonly string[], line: string, index: number): Trailer[] {
  const [, key, first] = TRAILER.exec(line) ?? [];
  if (key === undefined || first === undefined) return [];
  const rest = paragraph.slice(index + 1);
  const end = rest.findIndex((one) => !isFolded(one));
  const folded = rest.slice(0, end < 0 ? rest.length : end);
  return [
    {
      key,
      value: [first, ...folded]
        .map((part) => part.trim())
        .join(" ")
        .trim(),
    },
  ];
}
