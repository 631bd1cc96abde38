import { deepStrictEqual } from "node:assert";
import { entriesOf, proseOf } from "../../../../../infra/base/model/changelog/entries";
import { readChangelogText, unreleasedOf } from "../../../../../infra/base/model/changelog/read";
import { changelogOf, type Form } from "../../../../support/changelogs";

const openOf = (form: Form) => unreleasedOf(readChangelogText(changelogOf(form)));
const read = (text: string) => entriesOf(unreleasedOf(readChangelogText(text)));

describe("entriesOf", () => {
  it("reads each item of a list on one line, with what is nested in it and the nearest heading", () => {
    deepStrictEqual(
      entriesOf(openOf("go-spacemesh")).map(({ heading, text, line }) => [line, heading, text]),
      [
        [
          13,
          "Hosts with more than one identity",
          "Move the keys first, then start the node. - Keep the old ones for a week.",
        ],
        [
          20,
          "Improvements",
          "[#4101](https://example.org/node/pull/4101) The index of activations is rebuilt at the first start. " +
            'Whoever wants to keep the old one writes ```json "main": { "keep-old-index": true } ```',
        ],
        [
          29,
          "Improvements",
          "[#4107](https://example.org/node/pull/4107) Fewer wake-ups. This line was seen far too often: " +
            "> 2026-11-02T10:00:00.000+0100 WARN 1a2b3.sync ## no peers for layer 4711",
        ],
        [34, "Improvements", "no number: caches are larger by default"],
      ],
    );
  });

  it("tells all headings above an entry, outermost first", () => {
    deepStrictEqual(
      entriesOf(openOf("go-spacemesh")).map(({ headings }) => headings),
      [
        ["Upgrade information", "Hosts with more than one identity"],
        ["Improvements"],
        ["Improvements"],
        ["Improvements"],
      ],
    );
  });

  it("reads both lists of a heading that stands twice, and headings at the level of versions", () => {
    deepStrictEqual(
      entriesOf(openOf("duplicated-headings")).map(({ heading, text }) => [heading, text]),
      [
        ["Added", "A soft deadline."],
        ["Fixed", "A deadlock."],
        ["Added", "A second list, left by a merge."],
        ["Changed", "Transactions are ordered by fee."],
      ],
    );
  });

  it("leaves out comments, in entries and around them", () => {
    deepStrictEqual(
      entriesOf(openOf("cosmos-sdk")).map(({ heading, text }) => [heading, text]),
      [["API Breaking Changes", "(x/vote) [#201](https://example.org/sdk/pull/201) `Tally` takes a context."]],
    );
  });

  it("finds no entry in headings, empty items, code and the next section", () => {
    deepStrictEqual(
      read("## Unreleased\n\n### Added\n\n-\n- <!-- one -->\n\n```\n- two\n```\n\n## 1.2.3\n\n- three\n"),
      [],
    );
  });

  it("gives an entry above all headings no heading", () => {
    deepStrictEqual(read("## Unreleased\n1. one\n"), [{ headings: [], text: "one", line: 2 }]);
  });
});

describe("proseOf", () => {
  it("reads the paragraphs outside of lists", () => {
    deepStrictEqual(proseOf(openOf("go-spacemesh")), [
      {
        heading: "Upgrade information",
        headings: ["Upgrade information"],
        text: "Going back to v1.3.x is not possible. Read change #4101 before you start.",
        line: 9,
      },
    ]);
  });
});
