import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { readChangelog, sectionOf, unreleasedOf } from "../../../infra/base/model/changelog/read";
import { releasedChangelog } from "../../../infra/prepare/changelog";
import { changelogOf, FORMS, type Form, utf8 } from "../../support/changelogs";

const DATE = "2026-11-29";
const releasedText = (text: string, version: string) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(releasedChangelog(utf8(text), { version, date: DATE }));

/** The text with parts replaced; each must occur exactly once. */
function replaced(text: string, parts: readonly (readonly [string, string])[]): string {
  return parts.reduce((before, [from, to]) => {
    strictEqual(before.split(from).length, 2, `${JSON.stringify(from)} occurs once`);
    return before.replace(from, () => to);
  }, text);
}

/** What a release changes in each form: the parts before and after. All else stays. */
const CHANGES: Record<Form, { readonly version: string; readonly parts: readonly (readonly [string, string])[] }> = {
  "keep-a-changelog": {
    version: "1.3.0",
    parts: [
      ["## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-11-29\n"],
      [
        "[unreleased]: https://example.org/node/compare/v1.2.3...HEAD\n",
        "[unreleased]: https://example.org/node/compare/v1.3.0...HEAD\n" +
          "[1.3.0]: https://example.org/node/compare/v1.2.3...v1.3.0\n",
      ],
    ],
  },
  "go-spacemesh": { version: "1.4.0", parts: [["## UNRELEASED\n", "## UNRELEASED\n\n## Release v1.4.0\n"]] },
  "code-fences": {
    version: "1.3.0",
    parts: [["# Changelog\n\n## Unreleased\n", "# Changelog\n\n## Unreleased\n\n## v1.3.0 (2026-11-29)\n"]],
  },
  "duplicated-headings": {
    version: "2.1.5",
    parts: [["## [2.1.5] - Unreleased\n", "## [Unreleased]\n\n## [2.1.5]\n"]],
  },
  "cosmos-sdk": {
    version: "0.51.0",
    parts: [
      [
        "# Changelog\n\n## [Unreleased]\n",
        "# Changelog\n\n## [Unreleased]\n\n" +
          "## [v0.51.0](https://example.org/sdk/releases/tag/v0.51.0) - 2026-11-29\n",
      ],
    ],
  },
  avalanchego: {
    version: "1.15.1",
    parts: [["## Pending (v1.15.1)\n", "## Pending\n\n## [v1.15.1](https://example.org/a/releases/tag/v1.15.1)\n"]],
  },
  "cargo-release": {
    version: "0.20.0",
    parts: [
      ["## [Unreleased] - ReleaseDate\n", "## [Unreleased] - ReleaseDate\n\n## [0.20.0] - 2026-11-29\n"],
      [
        "[Unreleased]: https://example.org/b/compare/v0.19.5...HEAD\n",
        "[Unreleased]: https://example.org/b/compare/v0.20.0...HEAD\n" +
          "[0.20.0]: https://example.org/b/compare/v0.19.5...v0.20.0\n",
      ],
    ],
  },
  "standard-version": {
    version: "1.3.0",
    parts: [
      [
        "## [Unreleased](https://example.org/c/compare/v1.2.0...main)\n",
        "## [Unreleased](https://example.org/c/compare/v1.3.0...main)\n\n" +
          "# [1.3.0](https://example.org/c/compare/v1.2.0...v1.3.0) (2026-11-29)\n",
      ],
    ],
  },
};

/** The same file, as another editor may have saved it. */
const SAVED: Record<string, (text: string) => string> = {
  "with LF": (text) => text,
  "with CRLF": (text) => text.replaceAll("\n", "\r\n"),
  "with a byte order mark": (text) => `\uFEFF${text}`,
};

describe("releasedChangelog", () => {
  for (const form of Object.keys(FORMS) as Form[]) {
    const { version, parts } = CHANGES[form];
    for (const [how, saved] of Object.entries(SAVED)) {
      it(`releases ${form} ${how} in the manner of the file, and all else stays`, () => {
        const text = saved(changelogOf(form));
        const expected = replaced(
          text,
          parts.map(([from, to]) => [saved(from).replace(/^\uFEFF/, ""), saved(to).replace(/^\uFEFF/, "")]),
        );
        strictEqual(releasedText(text, version), expected);
      });
    }

    it(`reads the version and an empty Unreleased in a released ${form}`, () => {
      const before = unreleasedOf(readChangelog(utf8(changelogOf(form))));
      const after = readChangelog(utf8(releasedText(changelogOf(form), version)));
      strictEqual(sectionOf(after, version)?.body, before.body);
      strictEqual(unreleasedOf(after).body.trim(), "");
    });
  }

  const HEADINGS: [released: string, heading: string][] = [
    ["## [1.2.3] - 2026-10-01", "## [1.3.0] - 2026-11-29"],
    ["## 1.2.3 - 2026-10-01", "## 1.3.0 - 2026-11-29"],
    ["## Release v1.2.3", "## Release v1.3.0"],
    ["## Version 1.2.3 (2026-10-01)", "## Version 1.3.0 (2026-11-29)"],
    ["## v1.2.3 / 2026.10.01", "## v1.3.0 / 2026.11.29"],
    ["##  1.2.3  ##", "##  1.3.0  ##"],
    ["1.2.3\n=====", "1.3.0\n====="],
    ["## [1.2.3] - 2026-10-01 [YANKED]", "## [1.3.0] - 2026-11-29"], // this note is about that version alone
    ["## [1.2.3] - 2026-10-01 [YANKED]\n\n## v1.2.2", "## v1.3.0"],
    ["## Release v1.2.3 (Pelican)\n\n- one", "## [1.3.0] - 2026-11-29"],
    ["", "## [1.3.0] - 2026-11-29"],
  ];
  for (const [released, heading] of HEADINGS) {
    it(`writes ${JSON.stringify(heading)} above ${JSON.stringify(released)}`, () => {
      const text = `## Unreleased\n\n- one\n\n${released}\n`;
      strictEqual(releasedText(text, "1.3.0"), text.replace("## Unreleased\n", `## Unreleased\n\n${heading}\n`));
    });
  }

  for (const [open, next] of [
    ["## UNRELEASED", "## UNRELEASED"],
    ["## Unreleased (v1.3.0)", "## Unreleased"],
    ["## [Unreleased - 1.3.0]", "## [Unreleased]"],
    ["## 1.3.0 (unreleased)", "## Unreleased"],
    ["Unreleased\n----------", "Unreleased\n----------"],
  ] as const) {
    it(`opens ${JSON.stringify(next)} after ${JSON.stringify(open)}`, () => {
      strictEqual(releasedText(`${open}\n- one\n## 1.2.3\n`, "1.3.0"), `${next}\n\n## 1.3.0\n- one\n## 1.2.3\n`);
    });
  }

  it("gives new lines the end of the first line, and leaves those of the others", () => {
    strictEqual(
      releasedText(
        "# Changelog\r\n\n## Unreleased\n- one\r\n- two  \n\n## 1.2.3\n\n[1.2.3]: https://example.org/1.2.3",
        "1.3.0",
      ),
      "# Changelog\r\n\n## Unreleased\n\r\n## 1.3.0\r\n- one\r\n- two  \n\n## 1.2.3\n\n" +
        "[1.3.0]: https://example.org/1.3.0\r\n[1.2.3]: https://example.org/1.2.3",
    );
  });
});

describe("releasedChangelog, refusals", () => {
  const codeOf = (text: string, version: string) => {
    try {
      releasedText(text, version);
      return undefined;
    } catch (error) {
      ok(error instanceof UserError);
      ok(!error.message.includes("\n") && error.exitCode === 2, error.message);
      return [error.code, ...(error.what.match(/(?<=lines? |and )\d+/g) ?? []).map(Number)];
    }
  };

  for (const [what, text, code] of [
    ["no section Unreleased", "# Changelog\n\n## 1.2.3\n", ["UnreleasedMissing"]],
    ["two sections Unreleased", "## Unreleased\n\n- one\n\n## Pending\n", ["UnreleasedTwice", 1, 5]],
    ["a section of that version", "## Unreleased\n\n- one\n\n## Release v1.3\n", ["VersionExists", 5]],
    ["two sections of that version", "## Unreleased\n\n- one\n\n## v1.3.0\n## 1.3.0\n", ["VersionTwice", 5, 6]],
    ["two sections of another version", "## Unreleased\n\n- one\n\n## 1.2.3\n## 1.2.3\n", ["VersionTwice", 5, 6]],
    ["nothing below Unreleased", "## Unreleased\n\n## 1.2.3\n\n- one\n", ["UnreleasedEmpty", 1]],
    ["headings and comments alone", "# C\n## Unreleased\n### Added\n<!-- - one -->\n-\n***\n", ["UnreleasedEmpty", 2]],
    ["Unreleased as the last line", "# C\n\n## Unreleased", ["UnreleasedEmpty", 3]],
    ["UTF-16", "#\0 \0C\0\n\0", ["ChangelogIsUtf16"]],
  ] as const) {
    it(`refuses ${what} in one line`, () => {
      deepStrictEqual(codeOf(text, "1.3.0"), code);
    });
  }

  for (const [what, body] of [
    ["a paragraph", "Going back is not possible."],
    ["a table", "<table><tr><td>one</td></tr></table>"],
    ["code", "    one"],
  ] as const) {
    it(`releases ${what} without any list`, () => {
      strictEqual(codeOf(`## Unreleased\n\n${body}\n`, "1.3.0"), undefined);
    });
  }

  for (const form of Object.keys(FORMS) as Form[]) {
    it(`refuses to release ${form} once more`, () => {
      const { version } = CHANGES[form];
      const released = releasedText(changelogOf(form), version);
      strictEqual(codeOf(released, version)?.[0], "VersionExists");
      strictEqual(codeOf(released, "77.0.0")?.[0], "UnreleasedEmpty");
    });
  }
});
