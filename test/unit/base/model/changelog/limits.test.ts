import { ok, strictEqual } from "node:assert";
import { readChangelog, readChangelogText } from "../../../../../infra/base/model/changelog/read";
import { refuses } from "../../../../support/errors";

const HEAD = "# Changelog\n\n## Unreleased\n\n";

/** Texts that take a reader of Markdown minutes, or a longer time than anybody has. */
const COSTLY: readonly (readonly [name: string, text: string, code: string])[] = [
  ["unclosed comments in one line", "a <!--".repeat(10_000), "ChangelogTooCostly"],
  ["unclosed comments in many lines", "a <!--\n".repeat(50_000), "ChangelogTooCostly"],
  ["instructions", "a <?\n".repeat(50_000), "ChangelogTooCostly"],
  ["unclosed links", "[a](b\n".repeat(60_000), "ChangelogTooCostly"],
  ["quotes in quotes", ">".repeat(16_000), "ChangelogTooCostly"],
  ["lists in lists", Array.from({ length: 500 }, (_, i) => `${" ".repeat(2 * i)}- a`).join("\n"), "ChangelogTooCostly"],
  ["many quotes", `${">".repeat(12)} a\n\n`.repeat(5000), "ChangelogTooCostly"],
  ["many nested lists", "- a\n  - b\n    - c\n      - d\n\n".repeat(5000), "ChangelogTooCostly"],
  ["a line of 500 KB", "a".repeat(500_000), "ChangelogTooCostly"],
  ["many lines", "- a\n\n".repeat(300_000), "TooLarge"],
];

describe("a changelog", function () {
  this.timeout(20_000);

  for (const [name, text, code] of COSTLY) {
    it(`is refused at once with ${name}`, () => {
      const start = performance.now();
      refuses(() => readChangelogText(HEAD + text), code, { exitCode: code === "TooLarge" ? 1 : 2 });
      refuses(() => readChangelog(Buffer.from(HEAD + text)), code, { exitCode: code === "TooLarge" ? 1 : 2 });
      ok(performance.now() - start < 1000);
    });
  }

  it("is refused with the line that is too costly", () =>
    refuses(() => readChangelogText(`${HEAD}${">".repeat(60)} a`), "ChangelogTooCostly", {
      exitCode: 2,
      names: ["Line 5"],
    }));

  it("is read with thousands of changes and comments", () => {
    const entry = "- a change, [#1234](https://github.com/spacemeshos/go-spacemesh/pull/1234) *x* `y` <!-- z -->\n";
    const text = `${HEAD}${`## 1.2.3\n\n${entry.repeat(150)}\n`.repeat(20)}${"-".repeat(500)}\n`;
    strictEqual(readChangelogText(text).sections.length, 21);
  });
});
