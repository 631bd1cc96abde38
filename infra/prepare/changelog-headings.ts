import type { Changelog, Section } from "../base/model/changelog/read";
import { advanced, rebased, VERSION } from "./versions-in-text";

/**
 * `[1.2.3](https://...) - 2026-01-01`, and what leaves out some of it. A heading that says more, such as `[YANKED]`, is
 * about its own version alone.
 */
const PLAIN = new RegExp(
  `^(?:(?:release|version)\\s+)?\\[?v?${VERSION}\\]?(?:\\([^\\s()]*\\))?(?:\\s{0,9}[-–—:/,]?\\s{0,9}\\(?(?<date>\\d{4}([-/.])\\d\\d\\2\\d\\d)\\)?)?:?$`,
  "i",
);

/**
 * The heading of a version as the changelog writes those of the versions before it, with its hashes.
 * The nearest version above or below tells the manner: its words, its link, and whether there is a date.
 * Without any, Keep a Changelog 1.1.0 tells it: `## [1.2.3] - 2026-11-29`.
 * @param released the released versions, the latest first
 * @param version `1.2.3`
 * @param date `2026-11-29`
 */
export function versionHeading(
  { text }: Changelog,
  released: readonly Section[],
  version: string,
  date: string,
): string {
  for (const section of released) {
    const plain = PLAIN.exec(section.heading);
    if (!plain || section.version === undefined) continue;
    const source = text.slice(section.start, section.headingEnd);
    const [written = "", separator = "-"] = [plain.groups?.date, plain[2]];
    const dated = written === "" ? source : source.replace(written, date.replaceAll("-", separator));
    return advanced(dated, section.version, version);
  }
  return `## [${version}] - ${date}`;
}

/** `(v1.15.1)` of `Pending (v1.15.1)`: which version comes after this one is not known yet. */
const NEXT = new RegExp(`\\s{0,9}(?:[-–—:]\\s{0,9}|\\()v?${VERSION}\\)?(?=\\]?$)`, "i");
const VERSION_FIRST = new RegExp(`^(?:(?:release|version)\\s+)?(\\[)?v?${VERSION}`, "i");

/** The heading of the next section Unreleased, in the manner of the one that is released as a version. */
export function openHeading({ text }: Changelog, open: Section, version: string): string {
  const { heading } = open;
  const first = VERSION_FIRST.exec(heading);
  const next = first ? (first[1] ? "[Unreleased]" : "Unreleased") : rebased(heading.replace(NEXT, ""), version);
  return text.slice(open.start, open.headingEnd).replace(heading, () => next);
}
