import { UserError } from "../base/lib/errors";
import { entriesOf, proseOf } from "../base/model/changelog/entries";
import { readChangelog, sectionOf, unreleasedOf } from "../base/model/changelog/read";

/** A version that the changelog is to release. */
export interface Releasing {
  /** `1.2.3` */
  readonly version: string;
  /** The day of the release in UTC, `2026-11-29`. */
  readonly date: string;
}

/**
 * Releases what a changelog collects: its section Unreleased becomes that of a version, in the manner of its newest
 * version, and an empty section Unreleased opens above. All other bytes stay.
 * @throws {UserError} when it cannot be read, has no section Unreleased or two, has the version, or collects nothing
 */
export function releasedChangelog(bytes: Uint8Array, { version, date }: Releasing): Uint8Array {
  const changelog = readChangelog(bytes);
  const existing = sectionOf(changelog, version);
  if (existing) {
    throw new UserError(
      "VersionExists",
      `The changelog has ${version} already, in line ${existing.line}.`,
      "Choose another version.",
      2,
    );
  }
  const open = unreleasedOf(changelog);
  if (entriesOf(open).length + proseOf(open).length === 0) {
    throw new UserError(
      "UnreleasedEmpty",
      `The changelog has nothing below ${open.heading} in line ${open.line}.`,
      "Write there what the version changes.",
      2,
    );
  }
  const { bom, text, eol } = changelog;
  const heading = text.slice(open.start, open.headingEnd);
  const released = `${heading}${eol}${eol}## [${version}] - ${date}`;
  return new TextEncoder().encode(`${bom}${text.slice(0, open.start)}${released}${text.slice(open.headingEnd)}`);
}
