import { shown, UserError } from "../base/lib/errors";
import { edited, nextLine } from "../base/model/changelog/edit";
import { entriesOf } from "../base/model/changelog/entries";
import { type Changelog, readChangelog, type Section, sectionOf, unreleasedOf } from "../base/model/changelog/read";
import { openHeading, versionHeading } from "./changelog-headings";
import { linkEdits } from "./changelog-links";

/** A version that the changelog is to release. */
export interface Releasing {
  /** `1.2.3` */
  readonly version: string;
  /** The day of the release in UTC, `2026-11-29`. */
  readonly date: string;
}

/**
 * Releases what a changelog collects. Its section Unreleased becomes that of a version, in the manner of the latest
 * version. An empty section Unreleased opens above, in the manner of the old one. Compare links are kept right.
 * All other bytes stay, also headings without entries. New lines end as the first line of the file does.
 * @throws {UserError} when the changelog cannot be read, has two sections of one version, has the version already, has
 * no section Unreleased or two, or collects nothing
 */
export function releasedChangelog(bytes: Uint8Array, { version, date }: Releasing): Uint8Array {
  const changelog = readChangelog(bytes);
  const open = releasable(changelog, version);
  const { bom, text, eol } = changelog;
  const released = releasedBefore(changelog, open);
  const below = nextLine(text, open.headingEnd);
  const edits = [
    { start: open.start, end: open.headingEnd, text: openHeading(changelog, open, version) },
    { start: below, end: below, text: `${eol}${versionHeading(changelog, released, version, date)}${eol}` },
    ...linkEdits(changelog, released[0], version),
  ];
  return new TextEncoder().encode(bom + edited(text, edits));
}

/** The section to release. @throws {UserError} when it cannot be released as this version */
function releasable(changelog: Changelog, version: string): Section {
  const versions = new Set(changelog.sections.map((section) => section.version));
  for (const one of versions) if (one !== undefined) sectionOf(changelog, one);
  const existing = sectionOf(changelog, version);
  if (existing) {
    throw new UserError(
      "VersionExists",
      `The changelog has a section of ${version} already, in line ${existing.line}.`,
      "Choose another version.",
      2,
    );
  }
  const open = unreleasedOf(changelog);
  if (isEmpty(open)) {
    throw new UserError(
      "UnreleasedEmpty",
      `The changelog has nothing below ${shown(open.heading)} in line ${open.line}.`,
      "Write there what the version changes.",
      2,
    );
  }
  return open;
}

/** The released versions, the latest first: those below the open section, or else those above it. */
function releasedBefore({ sections }: Changelog, open: Section): Section[] {
  const released = sections.filter(({ version }) => version !== undefined);
  const below = released.filter(({ start }) => start > open.start);
  return below.length > 0 ? below : released.reverse();
}

/** Headings, comments and rules between sections are no changes. */
const isEmpty = (section: Section): boolean =>
  entriesOf(section).length === 0 &&
  section.nodes.every((node) =>
    node.type === "html"
      ? node.value.replace(/<!--[\s\S]*?(?:-->|$)|<[^<>]*>/g, "").trim() === ""
      : ["heading", "definition", "thematicBreak", "list"].includes(node.type),
  );
