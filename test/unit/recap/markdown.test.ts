import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { marked } from "marked";
import { code, codeBlock, prose, sentence, some } from "../../../infra/recap/markdown";

/** What a reader sees of Markdown. */
const read = (markdown: string): string =>
  String(marked.parse(markdown, { async: false, gfm: true }))
    .replace(/<[^>]*>/g, "")
    .replace(
      /&(lt|gt|amp|quot|#39);/g,
      (_, name: string) => ({ lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" })[name] ?? "",
    )
    .trim();

describe("text of others in Markdown", () => {
  it("stays what it is, whatever markup it holds", () => {
    for (const text of [
      "fix: **bold** _it_ `code` [a](b) ![c](d)",
      "<script>alert(1)</script> &amp; <!-- /smeshnet:logs -->",
      "| a | b | ~~c~~ # d",
      "- item",
      "1. first",
      "# heading",
      "> quote",
      "$x$ \\n",
    ])
      strictEqual(read(`- ${prose(text)}`), text);
  });

  it("holds no tag of Liquid and no shortcode of Hugo", () => {
    for (const text of ["{{ site.token }}", "{% include x %}", "{{< rawhtml >}}", "{{{ a"])
      for (const form of [prose(text), code(text), codeBlock([text])]) strictEqual(/\{[{%]/.test(form), false, form);
  });

  it("holds no marker of our parts in code", () =>
    strictEqual(codeBlock(["<!-- /smeshnet:logs -->"]).includes("<!--"), false));

  it("stays in its block, however many backticks it holds", () => {
    const lines = ["```", "````text", "end"];
    strictEqual(read(codeBlock(lines)), lines.join("\n"));
  });

  it("is one line that names no secret", () =>
    strictEqual(prose("a\n\nb https://me:pw@host/ 10.0.0.1"), "a b https://\\[secret\\]@host/ \\[address\\]"));

  it("ends with one full stop", () => deepStrictEqual(["a", "a.", "a?"].map(sentence), ["a.", "a.", "a?"]));

  it("names some of many", () => strictEqual(some(["a", "b", "c"], 2), "a, b and 1 more"));

  it("never begins a block of HTML or a new paragraph", () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        const form = prose(text);
        strictEqual(/[<\n]|^\s/.test(form), false);
      }),
    ));
});
