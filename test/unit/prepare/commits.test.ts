import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { readCommits } from "../../../infra/prepare/commits";
import { logOf } from "../../support/commits";

const breaking = async (message: string) => (await logOf(message))[0]?.breaking;

/** Footers and marks that break compatibility. */
const BREAKING: Readonly<Record<string, readonly [message: string, by: string]>> = {
  "a mark after the type": ["feat!: layers are numbers", "!"],
  "a mark after the scope": ["feat(api)!: layers are numbers", "!"],
  "a mark after a type of one's own": ["activation!: layers are numbers", "!"],
  "a footer": ["fix: a\n\nText.\n\nBREAKING CHANGE: the table is deleted", "BREAKING CHANGE"],
  "a footer with a hyphen": ["fix: a\n\nBREAKING-CHANGE: the table is deleted", "BREAKING-CHANGE"],
  "a footer below another one": ["fix: a\n\nSigned-off-by: Sam\nBREAKING CHANGE: the table", "BREAKING CHANGE"],
  "a footer above more text": ["fix: a\n\nBREAKING CHANGE: the table\nis deleted\n\nCloses #7", "BREAKING CHANGE"],
  "a footer with CRLF": ["fix: a\r\n\r\nText.\r\n\r\nBREAKING CHANGE: the table\r\n", "BREAKING CHANGE"],
  "a footer below a rule of Markdown": ["fix: a\n\n- a -\n\nBREAKING CHANGE: the table", "BREAKING CHANGE"],
  "a footer of a commit without a type": ["p2p: dial\n\nBREAKING CHANGE: the table", "BREAKING CHANGE"],
};

/** The words without their meaning. */
const QUOTED: Readonly<Record<string, string>> = {
  "running text": "ci: explain\n\nIf a commit has a\nBREAKING CHANGE: footer, we see it.",
  "an item of a list": "ci: explain\n\n* BREAKING CHANGE: is what a footer looks like",
  "a line within an item":
    "ci: explain\n\n* the words, such as\n  BREAKING CHANGE: / is what a footer looks like\n* more",
  "a block of code": "ci: explain\n\n```\nfeat: a\n\nBREAKING CHANGE: b\n```",
  "a quote": "ci: explain\n\n> BREAKING CHANGE: b",
  "small letters": "ci: explain\n\nbreaking change: b",
  "a subject": "ci: explain BREAKING CHANGE: b",
  "a footer without text": "ci: explain\n\nBREAKING CHANGE:",
  "a subject that ends in a mark": "fix: it works!",
  "a mark before a colon in running text": "Mind the gap!: it is wide",
};

describe("readCommits", () => {
  for (const [what, [message, by]] of Object.entries(BREAKING))
    it(`takes ${what} for a break`, async () => strictEqual(await breaking(message), by));

  for (const [what, message] of Object.entries(QUOTED))
    it(`takes ${what} for no break`, async () => strictEqual(await breaking(message), undefined));

  it("reads type, scope and numbers", async () => {
    const [commit] = await logOf("feat(api): a faucet for #12 (#206)");
    deepStrictEqual([commit?.type, commit?.scope, commit?.numbers], ["feat", "api", [12, 206]]);
  });

  it("reads a type in any case, up to the first colon", async () => {
    const [commit] = await logOf("Feat: Fix: wording");
    deepStrictEqual([commit?.type, commit?.title], ["feat", "Feat: Fix: wording"]);
  });

  it("takes the name of a package for no type", async () =>
    strictEqual((await logOf("activation: ask poets less often (#201)"))[0]?.type, undefined));

  it("reads past the mark of bors, and past headings in a body", async () => {
    const [commit] = await logOf(
      "[Merged by Bors] - fix: fewer dials (#208)\n\n## Motivation\n\n## 1.4.3\n\nNot ours.",
    );
    deepStrictEqual(
      [commit?.title, commit?.type, commit?.numbers, commit?.breaking],
      ["fix: fewer dials (#208)", "fix", [208], undefined],
    );
  });

  it("reads what a commit reverts, in the forms of git, GitHub and the convention", async () => {
    const hash = "a".repeat(40);
    const reverts = await logOf(
      `Revert "feat: a (#1)"\n\nThis reverts commit ${hash}.`,
      `Revert "feat: a (#1)" (#9)\n\nReverts example/node#1`,
      `Reapply "feat: a"\n\nThis reverts commit ${hash}.`,
      `revert: feat: a\n\nThis reverts commit ${hash}.`,
    );
    deepStrictEqual(
      reverts.map(({ reverted }) => reverted),
      [
        { subject: "feat: a (#1)", hash },
        { subject: "feat: a (#1)" },
        { subject: 'Revert "feat: a"', hash },
        { subject: "feat: a", hash },
      ],
    );
  });

  it("names what a fixup belongs to", async () => {
    const [fixup] = await logOf("fixup! squash! fix: count late votes (#202)");
    strictEqual(fixup?.fixes, "fix: count late votes (#202)");
  });

  it("reads a commit without a message", async () => deepStrictEqual((await logOf(""))[0]?.title, ""));
});

describe("a message of 100,000 characters", function () {
  this.timeout(20_000);
  const BASE = { hash: "a".repeat(40), parents: [] };

  for (const [name, subject, body] of [
    ["one word", `fix: ${"a".repeat(100_000)}`, ""],
    ["blanks", `fix: b${" ".repeat(100_000)}b`, ""],
    ["a long footer", "fix: b", `Refs: ${"a".repeat(100_000)}`],
    ["blanks in a footer", "fix: b", `Refs: a${" ".repeat(100_000)}b`],
    ["numbers", "fix: b", `Refs: ${" #1".repeat(33_000)}`],
    ["many footers", "fix: b", "Refs: #1\n".repeat(11_000)],
    ["fences", "fix: b", "```\n~~~\n".repeat(12_500)],
  ] as const) {
    it(`is read at once with ${name}`, async () => {
      const start = performance.now();
      const [commit] = await readCommits([{ ...BASE, subject, body }]);
      strictEqual(commit?.type, "fix");
      ok(performance.now() - start < 2000);
    });
  }
});
