import { deepStrictEqual, doesNotMatch, match, ok } from "node:assert";
import { propose } from "../../../infra/prepare/bump";
import { changesIn } from "../../../infra/prepare/changes";
import { compareSides } from "../../../infra/prepare/compare";
import { planLines } from "../../../infra/prepare/text";
import { logOf } from "../../support/commits";

async function linesOf(last: { major: number; minor: number; patch: number }, messages: string[], texts: string[]) {
  const { changes, undone } = changesIn(await logOf(...messages));
  const entries = texts.map((text, index) => ({ headings: [], text, line: index + 5 }));
  const commits = changes.flatMap((change) => change.commits);
  return planLines({
    last: { version: last, tag: "v1.4.2", also: ["v1.4.2+1"] },
    entries,
    sides: compareSides(changes, entries),
    undone,
    proposal: propose(last, commits, entries),
  });
}

describe("planLines", () => {
  it("shows both sides, what each lacks, and the version with its causes", async () => {
    const messages = ["feat!: b (#4)", 'Revert "fix: c (#3)"', "fix: c (#3)", "fix: a (#2)"];
    const lines = await linesOf({ major: 1, minor: 4, patch: 2 }, messages, ["[#2](https://e.org/2) A.", "D."]);
    deepStrictEqual(lines, [
      "since v1.4.2 (also v1.4.2+1): 2 changes in the log, 2 entries in the changelog",
      "",
      `${"log".padEnd(57)}   changelog`,
      `${"fix: a (#2)".padEnd(57)} = #2 A.`,
      `${"feat!: b (#4)".padEnd(57)} <`,
      `${"".padEnd(57)} > D.`,
      "",
      "in the log only; the changelog lacks:",
      "  000000000000  feat!: b (#4)",
      "",
      "in the changelog only; the log lacks:",
      "  line 6  D.",
      "",
      "taken back, so told as nothing:",
      "  fix: c (#3), by 000000000000",
      "",
      "the commits ask for v2.0.0: major, because compatibility breaks",
      "  breaking  000000000000  feat!: b (#4), by its `!`",
      "  fix       000000000000  fix: a (#2), read as fix",
    ]);
  });

  it("says that below 1.0 a break raises the minor version only", async () => {
    const lines = await linesOf({ major: 0, minor: 4, patch: 2 }, ["feat!: b"], []);
    ok(lines.includes("the commits ask for v0.5.0: minor, because compatibility breaks"));
    match(lines.join("\n"), /below 1\.0 .*SemVer, item 4/);
  });

  it("lets no commit and no entry steer the terminal", async () => {
    const lines = await linesOf({ major: 1, minor: 0, patch: 0 }, ["fix: \u001b]0;title\u0007 \u202e a"], ["\u009b2J"]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
    doesNotMatch(lines.join(""), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});
