import { UserError } from "../../base/lib/errors";

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._/]|-(?!-)){0,99}$/;

/**
 * The first line of the comment that a preview keeps up to date. Previews of different names in one pull request, such
 * as of two organisations, keep a comment each.
 * @param name of what is previewed, e.g. `spacemesh/testnets`
 * @throws {UserError} when the name has other characters, which could end the HTML comment
 */
export function markerOf(name: string): string {
  if (NAME.test(name)) return `<!-- smeshnet preview ${name} -->`;
  throw new UserError(
    "PreviewNameInvalid",
    `The name of the preview is ${JSON.stringify(name)}, expected letters, digits, and single - _ . / between them.`,
    "Choose another name, of 100 characters at most.",
    2,
  );
}

/** Name of the check run or commit status: `smeshnet preview NAME`. */
export const checkNameOf = (marker: string): string => marker.replace(/^<!-- | -->$/g, "");

/** A comment as GitHub keeps it: the marker, the commit for the next run and for readers of the source, and the text. */
export const bodyWith = (marker: string, commit: string, text: string): string =>
  `${marker}\n<!-- commit ${commit} -->\n\n${text.trim()}\n`;

/** Whether the marker is a body's first line. A quotation of it begins with something else. */
export const hasMarker = (body: string, marker: string): boolean => body.split(/\r?\n/, 1)[0] === marker;

/** Whether GitHub shows the same for two bodies. It may change line ends, and drop the last of them. */
export const isSameBody = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (body: string): string => body.replace(/\r\n/g, "\n").trimEnd();

/**
 * Longest body that we post, in characters and in bytes. GitHub names 65,536 characters as the limit of comments. The
 * text of a check run, which keeps the same, may have 65,535 (GitHub docs, Create a check run).
 */
export const LONGEST_BODY = 65_535;
