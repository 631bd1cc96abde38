import { deepStrictEqual, ok, strictEqual } from "node:assert";
import fc from "fast-check";
import { marked } from "marked";
import { cellOf, codeOf, cut, fenced, htmlOf, plainOf, visible } from "../../../../infra/review/preview/text";

const text = () =>
  fc.oneof(
    fc.array(fc.constantFrom("`", "``", " ", "|", "\\", "<b>"), { maxLength: 9 }).map((parts) => parts.join("")),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 300 }),
  );
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";

describe("visible", () => {
  it("shows control characters, direction marks and halves of characters as escapes", () =>
    strictEqual(
      visible("a\u202eb\u0000c\u2066d\ufeffe\ud800f\u{e0041}g\nh\ti"),
      "a\\u202eb\\u0000c\\u2066d\\ufeffe\\ud800f\\u{e0041}g\\nh\\ti",
    ));

  it("keeps Chinese, and an emoji of several", () => strictEqual(visible(`层${FAMILY}`), `层${FAMILY}`));

  it("shows a joiner that joins no emoji", () => strictEqual(visible("a\u200db"), "a\\u200db"));

  it("begins no HTML comment", () =>
    strictEqual(visible("<!-- smeshnet preview -->"), "\\u003c!-- smeshnet preview -->"));
});

describe("cut", () => {
  it("leaves a short text alone", () => strictEqual(cut("12345", 5), "12345"));

  it("cuts the middle of a long text, and counts what it leaves out", () =>
    strictEqual(cut("0123456789".repeat(10), 12), "01234567[... 88 characters left out ...]6789"));

  it("cuts no emoji in half, and accounts for every character", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(FAMILY, "层", "\u{1f680}", "a"), { maxLength: 60 }),
        fc.integer({ min: 8, max: 60 }),
        (parts, limit) => {
          const whole = parts.join("");
          const known: readonly string[] = parts;
          const shown = cut(whole, limit);
          if (whole.length <= limit) return strictEqual(shown, whole);
          const [, head = "", left, tail = ""] =
            /^(.*)\[\.\.\. (\d+) characters left out \.\.\.\](.*)$/su.exec(shown) ?? [];
          ok(head.length + tail.length <= limit);
          strictEqual([...head].length + [...tail].length + Number(left), [...whole].length);
          for (const side of [head, tail])
            ok(
              [...new Intl.Segmenter().segment(side)].every(({ segment }) => known.includes(segment)),
              side,
            );
        },
      ),
    ));
});

describe("plainOf", () => {
  it("takes no longer than its text is long", () => {
    for (const part of ["a", " ", "://", "@", "-----BEGIN ", "Bearer ", "\n", "`", "\u{1f680}"]) {
      const before = performance.now();
      plainOf(part.repeat(300_000));
      ok(performance.now() - before < 1500, part);
    }
  });

  it("hides a credential that a cut would halve", () =>
    ok(!plainOf(`${"x".repeat(20)}https://me:${"q".repeat(99)}@h`, 60).includes("q")));
});

describe("foreign text in Markdown", () => {
  it("is one piece of code that shows the text, whatever the text is", () =>
    fc.assert(
      fc.property(text(), (foreign) => {
        const html = marked.parseInline(codeOf(foreign), { async: false });
        ok(/^<code>[^<]*<\/code>$/.test(html), html);
      }),
    ));

  it("breaks no table", () =>
    fc.assert(
      fc.property(text(), (foreign) => {
        const [table, ...others] = marked.lexer(`| a | b |\n|--|--|\n| ${cellOf(foreign)} | 1 |\n`);
        deepStrictEqual(others, []);
        ok(table?.type === "table" && table.rows.length === 1 && table.rows[0][1].text === "1", foreign);
      }),
    ));

  it("ends no block of code", () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(text(), fc.constantFrom("```", "~~~", "`````", "</details>")), {
          minLength: 1,
          maxLength: 9,
        }),
        (lines) => {
          const shown = lines.map((line) => `+ ${visible(line)}`);
          const tokens = marked.lexer(fenced(shown, "diff").join("\n"));
          strictEqual(tokens.length, 1);
          ok(tokens[0]?.type === "code" && tokens[0].text === shown.join("\n"));
        },
      ),
    ));

  it("gets no HTML into HTML", () =>
    strictEqual(htmlOf("</code><b>&amp;"), "<code>&#60;/code&#62;&#60;b&#62;&#38;amp;</code>"));
});
