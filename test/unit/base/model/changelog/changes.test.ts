import { strictEqual, throws } from "node:assert";
import { changesOf } from "../../../../../infra/base/model/changelog/changes";

const CHANGELOG = `# Changelog

## [Unreleased]

- not yet

## [1.3.0] - 2026-02-01

### Added
- a thing of [1.3.0]

[1.3.0]: https://example.org/1.3.0

## v1.2.30

- of another

## 1.2.3-rc1

- a candidate

## 1.2.3 (2026-01-01)

### Fixed

- a fault

\`\`\`
## 1.1.0
[x]: https://example.org/
\`\`\`

- another

## Release v1.2.2

- of a release

## 1.2.1
## Release v1.1

- a release that leaves out the nought

## 1.2.0

- the last

[1.2.0]: https://example.org/1.2.0
`;

describe("changesOf", () => {
  for (const [release, changes] of [
    ["v1.3.0", "### Added\n- a thing of [1.3.0]"],
    [
      "v1.2.3",
      "### Fixed\n\n- a fault\n\n```\n## 1.1.0\n[x]: https://example.org/\n```\n\n- another", // a code block stays as it is
    ],
    ["v1.2.2", "- of a release"],
    ["v1.2.1", ""],
    ["v1.2.0", "- the last"],
    ["v1.1.0", "- a release that leaves out the nought"], // the other heading with this version is in a code block
    ["v1.1.1", undefined],
    ["v1.2.4", undefined],
    ["v2.3.0", undefined],
  ] as const) {
    it(`returns the section below the version's heading, if there is one: ${release}`, () => {
      strictEqual(changesOf(CHANGELOG, release), changes);
      strictEqual(changesOf(`\uFEFF${CHANGELOG.replaceAll("\n", "\r\n")}`, release), changes);
    });
  }

  it("takes no heading out of a comment, and shows no comment", () => {
    const text = `<!--
## 1.2.3

- a template
-->

## 1.2.3 - 2026-11-24

<!-- replace this -->

### Added <!-- soon -->

- one <!-- was PR 99 -->, two
- three <!-- was PR 100 -->

<!--
## 1.2.2
-->

- four

## 1.2.2

- older
`;
    strictEqual(changesOf(text, "v1.2.3"), "### Added\n\n- one , two\n- three\n\n- four");
    strictEqual(changesOf(text, "v1.2.2"), "- older");
  });

  it("keeps the whole section when its headings have the level of versions", () => {
    const text = "## [2.0.12]\n\nFirst.\n\n## Added\n\n- one\n\n## [2.0.11]\n\n## Highlights\n\n- two\n";
    strictEqual(changesOf(text, "v2.0.12"), "First.\n\n## Added\n\n- one");
    strictEqual(changesOf(text, "v2.0.11"), "## Highlights\n\n- two");
  });

  it("refuses two sections of the version, with their lines", () => {
    const text =
      "## [Unreleased]\n\n## [1.2.3]\n\n- a repair\n\n## 1.2.3 - 2026-11-23\n\n- one\n\n## 1.2.2\n\n- older\n";
    throws(() => changesOf(text, "v1.2.3"), { code: "VersionTwice", message: /1\.2\.3, in lines 3 and 7/ });
    strictEqual(changesOf(text, "v1.2.2"), "- older");
  });

  it("leaves out link definitions, but no warning that looks like one", () => {
    const text = `## 1.2.3

[WARNING]: do not start this version on a network of v1.1

- the default of
  [consensus]: timeout_commit is 5 s
- a foot note[^1]

[^1]: Read,too.
[guide]: https://example.org/guide "How to move"
[104]: <https://example.org/104>
`;
    strictEqual(
      changesOf(text, "v1.2.3"),
      "[WARNING]: do not start this version on a network of v1.1\n\n" +
        "- the default of\n  [consensus]: timeout_commit is 5 s\n- a foot note[^1]\n\n[^1]: Read,too.",
    );
  });

  it("puts the target of a link beside its text, also from another section", () => {
    const text = `## 1.2.3

- [the \`guide\`][guide], ![plot][104], [guide][], [other][none], \`[a][guide]\`, [guide], [brackets][b]

## 1.2.2

[guide]: https://example.org/guide
[GUIDE]: https://example.org/second
[104]: https://example.org/104.png
[b]: https://example.org/a_(b)
`;
    strictEqual(
      changesOf(text, "v1.2.3"),
      "- [the `guide`](https://example.org/guide), [plot](https://example.org/104.png), " +
        "[guide](https://example.org/guide), [other][none], `[a][guide]`, [guide], " +
        "[brackets](<https://example.org/a_(b)>)",
    );
  });

  it("leaves out tags, and makes a table code, since Discord shows both as they are written", () => {
    const text = `## 1.2.3

- one<br>two, \`<br>\`, <https://example.org/>

<details>
<summary>All <b>12</b></summary>

| pull request | by |
|:-----|--|
| 104 | @someone |

</details>

a | b, no table
`;
    strictEqual(
      changesOf(text, "v1.2.3"),
      "- onetwo, `<br>`, <https://example.org/>\n\nAll 12\n\n" +
        "```\n| pull request | by |\n|:-----|--|\n| 104 | @someone |\n```\n\na | b, no table",
    );
  });

  for (const [what, text, code] of [
    ["UTF-16", "\uFFFD\uFFFD#\0#\0 \0", "ChangelogIsUtf16"],
    ["lines that end in CR", "# Changelog\r\r## 1.2.3\r", "ChangelogLineEndsUnknown"],
    ["Latin-1 in the section", "## 1.2.3\n\n- d\uFFFDlai\n", "ChangelogNotUtf8"],
  ] as const) {
    it(`refuses ${what}, decoded as UTF-8`, () => {
      throws(() => changesOf(text, "v1.2.3"), { code });
    });
  }

  it("reads a section beside another one that is not UTF-8", () => {
    strictEqual(changesOf("## 1.2.3\n\n- one\n\n## 1.2.2\n\n- d\uFFFDlai\n", "v1.2.3"), "- one");
  });
});
