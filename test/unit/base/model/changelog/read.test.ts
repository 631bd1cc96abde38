import { deepStrictEqual, ok, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { UserError } from "../../../../../infra/base/lib/errors";
import {
  readChangelog,
  readChangelogText,
  sectionOf,
  unreleasedOf,
} from "../../../../../infra/base/model/changelog/read";
import { changelogOf, type Form, utf8 } from "../../../../support/changelogs";

const headingsOf = (text: string) =>
  readChangelogText(text).sections.map(({ line, version, isUnreleased }) => [
    line,
    version ?? (isUnreleased ? "unreleased" : "unknown"),
  ]);

describe("readChangelog", () => {
  const SECTIONS: Record<Form, (string | number)[][]> = {
    "keep-a-changelog": [
      [7, "unreleased"],
      [16, "1.2.3"],
      [22, "1.2.2"],
    ],
    "go-spacemesh": [
      [5, "unreleased"],
      [36, "1.3.0"],
      [42, "1.2.13"],
    ],
    "code-fences": [
      [3, "unreleased"],
      [21, "1.2.0"],
    ],
    "duplicated-headings": [
      [3, "unreleased"],
      [21, "2.1.4"],
      [27, "2.1.3"],
    ],
    "cosmos-sdk": [
      [13, "unreleased"],
      [21, "0.50.1"],
    ],
    avalanchego: [
      [3, "unreleased"],
      [9, "1.15.0"],
    ],
    "cargo-release": [
      [5, "unreleased"],
      [9, "0.19.5"],
    ],
    "standard-version": [
      [3, "unreleased"],
      [9, "1.2.0"],
      [15, "1.1.0"],
    ],
  };
  for (const [form, sections] of Object.entries(SECTIONS) as [Form, (string | number)[][]][]) {
    it(`finds the sections of ${form}, with any line ends`, () => {
      const text = changelogOf(form);
      deepStrictEqual(headingsOf(text), sections);
      deepStrictEqual(headingsOf(`\uFEFF${text.replaceAll("\n", "\r\n")}`), sections);
    });
  }

  for (const [heading, version] of [
    ["## [1.2.3] - 2026-01-01", "1.2.3"],
    ["## 1.2.3", "1.2.3"],
    ["##\tv1.2.3  ##", "1.2.3"],
    ["  ## Release v1.2", "1.2.0"],
    ["## Version 1.2.3 (2026-01-01)", "1.2.3"],
    ["## **1.2.3**", "1.2.3"],
    ['## <a name="1.2.3"></a>[1.2.3](https://example.org/)', "1.2.3"],
    ["## 1.2.3-rc.1", "1.2.3-rc.1"],
    ["# 1.2.3", "1.2.3"],
    ["1.2.3\n-----", "1.2.3"],
    ["## 2026-01-01", "unknown"],
    ["## UNRELEASED", "unreleased"],
    ["## [Unreleased]", "unreleased"],
    ["## [unreleased] - unreleased", "unreleased"],
    ["## Unreleased - ReleaseDate", "unreleased"],
    ["## [Unreleased](https://example.org/compare/v1.2.3...HEAD)", "unreleased"],
    ["## Pending (v1.15.1)", "unreleased"],
    ["## Pending", "unreleased"],
    ["## 1.3.0 (unreleased)", "unreleased"],
    ["## [1.3.0] - Unreleased", "unreleased"],
  ] as const) {
    it(`reads ${JSON.stringify(heading)} as ${version}`, () => {
      deepStrictEqual(headingsOf(`# Changelog\n\n${heading}\n\n- one\n`), [[3, version]]);
    });
  }

  for (const text of [
    "##1.2.3",
    "##\u00a01.2.3",
    "### 1.2.3",
    "    ## 1.2.3",
    "> ## 1.2.3",
    "- ## 1.2.3",
    "```\n## 1.2.3\n```",
    "<!--\n## 1.2.3\n-->",
    "## Added",
    "## Pending removals",
    "## Upgrading from 1.2.3",
  ]) {
    it(`finds no section in ${JSON.stringify(text)}`, () => {
      deepStrictEqual(headingsOf(`# Changelog\n\n${text}\n\n- one\n`), []);
    });
  }

  it("ends a section at a heading of level 1", () => {
    strictEqual(
      sectionOf(readChangelogText("## 1.0.0\n\n- one\n\n# Older\n\n- two\n"), "1.0.0")?.body,
      "\n\n- one\n\n",
    );
  });

  for (const [name, bytes, code, words] of [
    ["UTF-16, little-endian", Buffer.from("\uFEFF## 1.2.3\n", "utf16le"), "ChangelogIsUtf16", /UTF-16.*as UTF-8/],
    ["UTF-16, big-endian", Buffer.from("\uFEFF## 1\n", "utf16le").swap16(), "ChangelogIsUtf16", /UTF-16.*as UTF-8/],
    ["UTF-16 without a mark", Buffer.from("## 1.2.3\n", "utf16le"), "ChangelogIsUtf16", /UTF-16.*as UTF-8/],
    ["Latin-1", Buffer.from("# Changelog\n\n- d\xe9lai\n", "latin1"), "ChangelogNotUtf8", /Line 3 .*as UTF-8/],
    ["Latin-1 in CRLF", Buffer.from("# \xe9\r\n\r\n", "latin1"), "ChangelogNotUtf8", /Line 1 .*as UTF-8/],
    ["lines that end in CR", utf8("# Changelog\r\r## 1.2.3\r"), "ChangelogLineEndsUnknown", /CR alone.*LF or CRLF/],
  ] as const) {
    it(`refuses ${name} in one line`, () => {
      throws(
        () => readChangelog(bytes),
        (error) => {
          ok(error instanceof UserError);
          deepStrictEqual([error.code, error.exitCode], [code, 2]);
          ok(words.test(error.message) && !error.message.includes("\n"), error.message);
          return true;
        },
      );
    });
  }

  it("loses no byte of any file that it reads", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary", maxLength: 200 }).map(utf8),
      fc
        .string({ unit: fc.constantFrom("#", " ", "-", "\n", "\r", "`", "<!--", "1.2", "\uFEFF", "é", "[a]:") })
        .map(utf8),
    );
    fc.assert(
      fc.property(bytes, (file) => {
        try {
          const { bom, text } = readChangelog(file);
          deepStrictEqual(Buffer.from(utf8(bom + text)), Buffer.from(file));
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
    );
  });
});

describe("unreleasedOf", () => {
  const refusal = (text: string) => {
    try {
      return unreleasedOf(readChangelogText(text)).line;
    } catch (error) {
      ok(error instanceof UserError);
      return [error.code, error.message];
    }
  };

  it("refuses two sections, with their lines", () => {
    deepStrictEqual(refusal("# Changelog\n\n## UNRELEASED\n\n## 1.2.3\n\n## Unreleased\n"), [
      "UnreleasedTwice",
      "The changelog has two sections Unreleased, in lines 3 and 7. " +
        "Move the entries below line 7 to where they belong, and delete that line.",
    ]);
  });

  it("says where to write a section that is missing", () => {
    deepStrictEqual(refusal("# Changelog\n\n## 1.2.3\n"), [
      "UnreleasedMissing",
      "The changelog has no section Unreleased. Write the line `## Unreleased` above line 3, and the changes below it.",
    ]);
  });

  it("names the line of a section in a comment", () => {
    const [code, message] = [refusal("<!--\n\n## Unreleased -->\n## 1.2.3\n")].flat();
    strictEqual(code, "UnreleasedMissing");
    ok(`${message}`.includes("since line 3 is in a comment"), `${message}`);
  });
});

describe("sectionOf", () => {
  it("refuses two sections of the version, with their lines, and only then", () => {
    const changelog = readChangelogText("## 1.2.3\n\n- one\n\n## [1.2.3]\n\n## Release v1.2\n\n- two\n");
    strictEqual(sectionOf(changelog, "1.2.0")?.line, 7);
    strictEqual(sectionOf(changelog, "1.2.4"), undefined);
    throws(() => sectionOf(changelog, "1.2.3"), { code: "VersionTwice", message: /1\.2\.3, in lines 1 and 5/ });
  });
});
