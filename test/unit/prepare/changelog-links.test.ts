import { strictEqual } from "node:assert";
import { releasedChangelog } from "../../../infra/prepare/changelog";
import { utf8 } from "../../support/changelogs";

/** The links of a changelog that releases 1.3.0 after 1.2.3. */
function linksAfter(links: string): string {
  const above = "## [Unreleased]\n\n- one\n\n## [1.2.3]\n\n- two\n\n";
  const text = Buffer.from(releasedChangelog(utf8(above + links), { version: "1.3.0", date: "2026-11-29" })).toString();
  return text.slice(above.length + "\n## [1.3.0]\n".length);
}

describe("releasedChangelog, links", () => {
  for (const [what, before, after] of [
    [
      "from the latest to the oldest",
      "[Unreleased]: u/compare/v1.2.3...HEAD\n[1.2.3]: u/compare/v1.2.2...v1.2.3\n[1.2.2]: u/compare/v1.2.1...v1.2.2\n",
      "[Unreleased]: u/compare/v1.3.0...HEAD\n[1.3.0]: u/compare/v1.2.3...v1.3.0\n" +
        "[1.2.3]: u/compare/v1.2.2...v1.2.3\n[1.2.2]: u/compare/v1.2.1...v1.2.2\n",
    ],
    [
      "from the oldest to the latest",
      "[1.2.2]: u/compare/v1.2.1...v1.2.2\n[1.2.3]: u/compare/v1.2.2...v1.2.3\n[unreleased]: u/compare/v1.2.3...main",
      "[1.2.2]: u/compare/v1.2.1...v1.2.2\n[1.2.3]: u/compare/v1.2.2...v1.2.3\n" +
        "[1.3.0]: u/compare/v1.2.3...v1.3.0\n[unreleased]: u/compare/v1.3.0...main",
    ],
    [
      "without Unreleased, at an end without a new line",
      "[1.2.2]: u/v1.2.2\n[1.2.3]: u/v1.2.3",
      "[1.2.2]: u/v1.2.2\n[1.2.3]: u/v1.2.3\n[1.3.0]: u/v1.3.0",
    ],
    [
      "after the first release, whose link compares nothing",
      "[Unreleased]: u/compare/v1.2.3...HEAD\n[1.2.3]: u/releases/tag/v1.2.3\n",
      "[Unreleased]: u/compare/v1.3.0...HEAD\n[1.3.0]: u/compare/v1.2.3...v1.3.0\n[1.2.3]: u/releases/tag/v1.2.3\n",
    ],
    [
      "to tags alone",
      "[Unreleased]: u/tree/main\n[1.2.3]: u/releases/tag/v1.2.3\n[1.2.2]: u/releases/tag/v1.2.2\n",
      "[Unreleased]: u/tree/main\n[1.3.0]: u/releases/tag/v1.3.0\n" +
        "[1.2.3]: u/releases/tag/v1.2.3\n[1.2.2]: u/releases/tag/v1.2.2\n",
    ],
    [
      "with two dots, the branch first (Bitbucket)",
      "[Unreleased]: u/branches/compare/HEAD..1.2.3\n[1.2.3]: u/branches/compare/1.2.3..1.2.2\n[1.2.2]: u\n",
      "[Unreleased]: u/branches/compare/HEAD..1.3.0\n[1.3.0]: u/branches/compare/1.3.0..1.2.3\n" +
        "[1.2.3]: u/branches/compare/1.2.3..1.2.2\n[1.2.2]: u\n",
    ],
    [
      "to tags of a module (GitLab)",
      "[unreleased]: u/-/compare/node/v1.2.3...develop\n[v1.2.3]: <u/-/compare/node/v1.2.2...node/v1.2.3>\n",
      "[unreleased]: u/-/compare/node/v1.3.0...develop\n[v1.3.0]: <u/-/compare/node/v1.2.3...node/v1.3.0>\n" +
        "[v1.2.3]: <u/-/compare/node/v1.2.2...node/v1.2.3>\n",
    ],
    ["of Unreleased alone", "[unreleased]: u/compare/v1.2.3...develop\n", "[unreleased]: u/compare/v1.3.0...develop\n"],
    [
      "when somebody wrote the new one already",
      "[unreleased]: u/compare/v1.2.3...HEAD\n[1.3.0]: u/1.3.0\n[1.2.3]: u/1.2.3\n",
      "[unreleased]: u/compare/v1.3.0...HEAD\n[1.3.0]: u/1.3.0\n[1.2.3]: u/1.2.3\n",
    ],
    ["that are none of versions", "[guide]: u/v1.2.3\n[1]: u/1.2.3\n", "[guide]: u/v1.2.3\n[1]: u/1.2.3\n"],
    [
      "in code",
      "```\n[Unreleased]: u/compare/v1.2.3...HEAD\n```\n",
      "```\n[Unreleased]: u/compare/v1.2.3...HEAD\n```\n",
    ],
  ] as const) {
    it(`keeps links ${what} right`, () => {
      strictEqual(linksAfter(before), after);
    });
  }
});
