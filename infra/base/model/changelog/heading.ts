import { withoutEnd } from "../../lib/text";

/** What a heading at the level of versions is about. */
export interface Meaning {
  /** `1.2.3` or `1.2.3-rc.1`; absent when the heading names no version, or one that is not released. */
  readonly version?: string;
  /** Whether its section collects what the next version changes. */
  readonly isUnreleased: boolean;
}

const VERSION = /^(?:(?:release|version)\s+)?\[?v?(\d+(?:\.\d+)+(?:[-+][0-9a-z][0-9a-z.+-]*)?)/i;
/** `Unreleased`, `[unreleased] - unreleased`, `Unreleased - ReleaseDate`; avalanchego writes `Pending (v1.15.1)`. */
const UNRELEASED = /^\[?(?:unreleased\b|pending\b\]?\s*(?:$|[-(]))/i;
/** `1.3.0 (unreleased)` and `[1.3.0] - Unreleased`: the version has a name, and is not released. */
function isVersionUnreleased(heading: string): boolean {
  const end = /[\s([]unreleased[)\]]?$/i.exec(heading)?.index;
  if (end === undefined) return false;
  const words = withoutEnd(heading.slice(0, end), " \t([").match(/\S+/g) ?? [];
  return words.length === 1 || words.length === 2;
}
/** A date, or a number in another form. It ends the section above, although no version can be read. */
const NUMBER = /^\[?v?\d+[.-]\d/i;

/**
 * Reads the text of a heading, without its Markdown.
 * @returns undefined for words such as `Added`, which belong to the section above them
 */
export function meaningOf(heading: string): Meaning | undefined {
  const version = VERSION.exec(heading)?.[1];
  if (UNRELEASED.test(heading)) return { isUnreleased: true };
  if (version === undefined) return NUMBER.test(heading) ? { isUnreleased: false } : undefined;
  if (isVersionUnreleased(heading)) return { isUnreleased: true };
  return { version: inFull(version), isUnreleased: false };
}

/** go-spacemesh writes `Release v1.3` for 1.3.0. */
export const inFull = (version: string): string => (/^\d+\.\d+$/.test(version) ? `${version}.0` : version);
