import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { UserError } from "../../../infra/base/lib/errors";
import { entriesOf } from "../../../infra/base/model/changelog/entries";
import { readChangelog, sectionOf, unreleasedOf } from "../../../infra/base/model/changelog/read";
import { releasedChangelog } from "../../../infra/prepare/changelog";
import { utf8 } from "../../support/changelogs";

const RELEASING = { version: "1.3.0", date: "2026-11-29" };
/** The tag of the version before. */
const LATEST = "1.2.3";

/** Lines that a changelog may hold anywhere, among them those that hide or end what follows. */
const anyLine = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => `- ${text.replace(/[\r\n]/g, "")}`),
  },
  fc.constantFrom("", "  ", "### Added", "#### API  ", "## Added", "  - nested", "\ttext", "***", "text", "\u00a0"),
  fc.constantFrom("```", "```md", "~~~", "<!--", "-->", "<!-- ## Unreleased -->", "<details>", "    ## Unreleased"),
  fc.constantFrom("> ## 1.3.0", "1. [1.3.0]: x", "---", "===", "[a]: b", "See [that](#unreleased), v1.2.3...HEAD"),
  fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.replace(/[\r\n\0\uFEFF]/g, "")),
);
const lines = fc.array(anyLine, { maxLength: 12 });

const open = fc.constantFrom("## Unreleased", "## UNRELEASED", "## [Unreleased]  ", "## [unreleased] - ReleaseDate");
const latest = fc.constantFrom("## 1.2.3", "## [1.2.3] - 2026-10-01", "## Release v1.2.3", "# v1.2.3 (2026-10-01)");
const links = fc.constantFrom(
  [],
  ["[Unreleased]: u/compare/v1.2.3...HEAD", "[1.2.3]: u/compare/v1.2.2...v1.2.3"],
  ["[1.2.2]: u/v1.2.2", "[1.2.3]: u/v1.2.3", "[unreleased]: u/compare/v1.2.3..main  "],
);

/** A file with any line ends, with and without a byte order mark, with and without an end of its last line. */
const changelog = fc
  .record({ before: lines, open, body: lines, latest, older: lines, links, bom: fc.constantFrom("", "\uFEFF") })
  .chain(({ before, open, body, latest, older, links, bom }) => {
    const all = [...before, "", open, ...body, "", latest, ...older, "", ...links];
    const ends = fc.oneof(
      fc.constantFrom("\n", "\r\n").map((end) => all.map(() => end)),
      fc.array(fc.constantFrom("\n", "\r\n"), { minLength: all.length, maxLength: all.length }),
    );
    return fc.tuple(ends, fc.boolean()).map(([ends, isEnded]) => {
      const text = all.map((line, index) => line + ends[index]).join("");
      return bom + (isEnded ? text : text.replace(/\r?\n$/, ""));
    });
  });

/** Releases a changelog; undefined when it is refused. */
function released(file: string): string | undefined {
  try {
    return Buffer.from(releasedChangelog(utf8(file), RELEASING)).toString();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** A released changelog without the lines that a release adds, and with the old link of Unreleased. */
function takenBack(file: string, result: string): string {
  const before = linesOf(file);
  const kept: string[] = [];
  for (const line of linesOf(result)) {
    const old = before[kept.length];
    const isRebased = old !== undefined && old !== line && old.replace(/v1\.2\.3(?=\.\.)/, "v1.3.0") === line;
    if (line === old || isRebased) kept.push(isRebased ? old : line);
    else ok(/^(\r?\n|#.*1\.3\.0.*\r?\n|(\r?\n)?\[1\.3\.0\]: u.*v1\.3\.0\r?\n?)$/.test(line), JSON.stringify(line));
  }
  return kept.join("");
}

describe("releasedChangelog, with any changelog", () => {
  it("changes nothing but the named lines, byte for byte", () => {
    let count = 0;
    fc.assert(
      fc.property(changelog, (file) => {
        const result = released(file);
        if (result === undefined) return;
        count++;
        const added = linesOf(result).length - linesOf(file).length;
        ok(added === 2 || added === 3, `${added} lines`);
        strictEqual(takenBack(file, result), file);
      }),
      { numRuns: 300 },
    );
    ok(count > 100, `${count} of 300 were released`);
  });

  it("makes a section with all that was unreleased, and an empty one above", () => {
    fc.assert(
      fc.property(changelog, (file) => {
        const result = released(file);
        if (result === undefined) return;
        const [before, after] = [readChangelog(utf8(file)), readChangelog(utf8(result))];
        const [wasOpen, isOpen] = [unreleasedOf(before), unreleasedOf(after)];
        const section = sectionOf(after, RELEASING.version);
        ok(section && section.line === wasOpen.line + 2 && isOpen.line === wasOpen.line);
        deepStrictEqual(
          entriesOf(section),
          entriesOf(wasOpen).map((entry) => ({ ...entry, line: entry.line + 2 })),
        );
        strictEqual(isOpen.body.trim(), "");
        strictEqual(sectionOf(after, LATEST)?.heading, sectionOf(before, LATEST)?.heading);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses the same version again, and another one as long as nothing is new", () => {
    fc.assert(
      fc.property(changelog, (file) => {
        const result = released(file);
        if (result === undefined) return;
        throws(() => releasedChangelog(utf8(result), RELEASING), { code: "VersionExists" });
        throws(() => releasedChangelog(utf8(result), { ...RELEASING, version: "1.4.0" }), { code: "UnreleasedEmpty" });
      }),
      { numRuns: 300 },
    );
  });
});
