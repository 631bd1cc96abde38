import { inFull } from "../base/model/changelog/heading";

/**
 * A version in running text, such as `1.2`, `1.2.3` or `1.2.3-rc.1`. It ends before the dots of `1.2.3...HEAD`. All its
 * parts are bounded, so that no text takes long to search.
 */
export const VERSION = "\\d{1,9}(?:\\.\\d{1,9}){1,4}(?:-[0-9A-Za-z-]{1,60}(?:\\.[0-9A-Za-z-]{1,60}){0,4})?";

/** `1.2.2...v1.2.3` of a compare link, also with two dots and with other tag names, or a version alone. */
const PAIR_OR_ONE = new RegExp(`(${VERSION})(\\.{2,3}[\\w/%@-]{0,200}?)(${VERSION})|${VERSION}`, "g");

/**
 * Text about one version, told about the next one. In a link that compares two versions, both move on.
 * @param from the version that the text is about, in full
 * @param to the version after it, in full
 */
export function advanced(text: string, from: string, to: string): string {
  const isFrom = (version: string) => inFull(version) === from;
  return text.replace(PAIR_OR_ONE, (whole: string, left?: string, between?: string, right?: string) => {
    if (left === undefined || between === undefined || right === undefined) return isFrom(whole) ? to : whole;
    if (isFrom(right)) return `${right}${between}${to}`;
    return isFrom(left) ? `${to}${between}${left}` : whole;
  });
}

/** The side of a link that compares a version with a branch. */
const BASE = new RegExp(`${VERSION}(?=\\.{2,3}[^.])|(?<=[^.]\\.{2,3}[\\w/%@-]{0,60})${VERSION}`);

/** A link that compares a version with a branch, such as `compare/v1.2.3...HEAD`, with another version. */
export const rebased = (link: string, to: string): string => link.replace(BASE, to);

/** `compare/v1.2.3...HEAD`, with the name of the tag apart */
const COMPARED = new RegExp(`(/compare/)([\\w/%@-]{0,200}?)(${VERSION})(\\.{2,3})[^\\s?#]+`);

/** Such a link with the tag of a version in place of the branch; undefined for a link of another form. */
export const comparedWith = (link: string, to: string): string | undefined =>
  COMPARED.test(link) ? link.replace(COMPARED, `$1$2$3$4$2${to}`) : undefined;
