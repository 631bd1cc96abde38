import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import type { Part } from "../../../infra/recap/document";
import { mergeParts } from "../../../infra/recap/own-parts";

const FRONT = '---\ntitle: "T"\ndate: 2026-01-01\n---\n';
const parts = (version: number): Part[] => [
  { id: "summary", text: `## What happened\n\nIt ended, ${version}.` },
  { id: "logs", text: `## Logs\n\n\`\`\`text\nline ${version}\n\`\`\`` },
  { id: "cause", forPerson: true, text: `## What caused it\n\n*hint ${version}*` },
];
const FIRST = mergeParts(undefined, FRONT, parts(1)).text;
const renewed = (text: string, front = FRONT) => mergeParts(text, front, parts(2));

describe("a document with own parts", () => {
  it("holds the front matter, each own part between markers, and the parts of a person without", () => {
    const form = FIRST.replace(/[0-9a-f]{12}/g, "DIGEST");
    strictEqual(
      form,
      `---
title: "T"
date: 2026-01-01
# smeshnet title=DIGEST date=DIGEST
---

<!-- smeshnet:summary DIGEST -->

## What happened

It ended, 1.

<!-- /smeshnet:summary -->

<!-- smeshnet:logs DIGEST -->

## Logs

\`\`\`text
line 1
\`\`\`

<!-- /smeshnet:logs -->

## What caused it

*hint 1*
`,
    );
  });

  it("is renewed where nobody edited it, and keeps the sections of a person as they are", () => {
    const { text, kept } = renewed(FIRST);
    deepStrictEqual(kept, []);
    ok(text.includes("It ended, 2.") && text.includes("line 2") && text.includes("*hint 1*"));
    strictEqual(renewed(text).text, text);
  });

  it("keeps a part that a person edited, and names it", () => {
    const edited = FIRST.replace("It ended, 1.", "It ended, sadly.");
    const { text, kept } = renewed(edited);
    deepStrictEqual(kept, ["summary"]);
    ok(text.includes("It ended, sadly.") && text.includes("line 2"));
  });

  it("adds no part again that a person removed, and renews none that stands twice or lost its end", () => {
    const [, part = ""] = /(<!-- smeshnet:logs[\s\S]*<!-- \/smeshnet:logs -->)/.exec(FIRST) ?? [];
    for (const edited of [
      FIRST.replace(part, ""),
      FIRST.replace(part, `${part}\n\n${part}`),
      FIRST.replace("<!-- /smeshnet:logs -->", ""),
    ]) {
      const { text, kept } = renewed(edited);
      deepStrictEqual(kept, ["logs"]);
      strictEqual(text.replace(/ended, 2/, "ended, 1").replace(/summary \w+/, ""), edited.replace(/summary \w+/, ""));
    }
  });

  it("keeps the line endings of an editor that changed them all", () => {
    const { text, kept } = renewed(FIRST.replaceAll("\n", "\r\n"));
    deepStrictEqual(kept, []);
    strictEqual(text, renewed(FIRST).text.replaceAll("\n", "\r\n"));
  });

  it("renews only the keys of the front matter that nobody edited, and adds none", () => {
    const edited = FIRST.replace('title: "T"', 'title: "Mine"\nauthor: me');
    const front = '---\ntitle: "U"\ndate: 2026-02-02\nlayout: post\n---\n';
    const { text, kept } = renewed(edited, front);
    deepStrictEqual(kept, ["front matter: title"]);
    ok(text.startsWith('---\ntitle: "Mine"\nauthor: me\ndate: 2026-02-02\n# smeshnet title='), text.slice(0, 120));
    strictEqual(renewed(text, front).text, text);
  });

  it("leaves front matter alone that a person wrote anew", () => {
    const edited = FIRST.replace(/^---[\s\S]*?\n---\n/, "+++\ntitle = 'Mine'\n+++\n");
    const { text, kept } = renewed(edited);
    deepStrictEqual(kept, ["front matter"]);
    ok(text.startsWith("+++\ntitle = 'Mine'\n+++\n"));
  });

  it("takes front matter of TOML", () => {
    const front = (title: string) => `+++\ntitle = "${title}"\n+++\n`;
    const { text } = mergeParts(mergeParts(undefined, front("A"), parts(1)).text, front("B"), parts(1));
    ok(text.startsWith('+++\ntitle = "B"\n# smeshnet title='));
  });
});

/** Text that a person may write, also lines that look like our markers. */
const line = fc.oneof(
  fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, " ")),
  fc.constantFrom(
    "",
    "---",
    "<!-- smeshnet:summary 0123456789ab -->",
    "<!-- /smeshnet:summary -->",
    "<!-- smeshnet:other 0123456789ab -->",
    "$& $1 $$",
    "## Logs",
    "```",
    "\r",
  ),
);
const prose = fc.array(line, { maxLength: 6 }).map((lines) => `${lines.join("\n")}\n`);

/** The document with text of a person between the parts. */
const between = (texts: readonly string[]): string => {
  const pieces = FIRST.split(/(?=^<!-- smeshnet:)|(?<=^<!-- \/smeshnet:\w+ -->\n)/m);
  return (
    pieces.map((piece, i) => piece + (i < pieces.length - 1 ? (texts[i] ?? "") : "")).join("") + (texts.at(-1) ?? "")
  );
};

describe("any text of a person", () => {
  it("outside of our parts survives a rerun byte for byte", () =>
    fc.assert(
      fc.property(fc.array(prose, { minLength: 6, maxLength: 6 }), (texts) => {
        const edited = between(texts);
        const { text, kept } = renewed(edited);
        // What may change are the bodies and digests of the two own parts, and nothing in between.
        let expected = edited;
        const [one, two] = [FIRST, renewed(FIRST).text].map((all) =>
          Object.fromEntries(
            ["summary", "logs"].map((id) => [
              id,
              new RegExp(`<!-- smeshnet:${id}[\\s\\S]*?<!-- /smeshnet:${id} -->`).exec(all)?.[0] ?? "",
            ]),
          ),
        );
        for (const id of ["summary", "logs"])
          if (!kept.includes(id)) expected = expected.replace(one?.[id] ?? "", () => two?.[id] ?? "");
        strictEqual(text, expected);
      }),
    ));

  it("inside of a part stays there, and a second rerun changes nothing", () =>
    fc.assert(
      fc.property(fc.nat(FIRST.length), fc.nat(20), fc.string(), (at, removed, added) => {
        const edited = FIRST.slice(0, at) + added + FIRST.slice(at + removed);
        const once = renewed(edited);
        strictEqual(renewed(once.text).text, once.text);
        deepStrictEqual(renewed(once.text).kept, once.kept);
        const same = mergeParts(edited, FRONT, parts(1));
        strictEqual(same.text, edited);
      }),
    ));
});
