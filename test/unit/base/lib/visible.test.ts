import { deepStrictEqual, doesNotMatch, strictEqual } from "node:assert";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import * as fc from "fast-check";
import {
  visible,
  visibleInto,
  visibleJson,
  visibleLine,
  visibleMessage,
  visiblePainted,
} from "../../../../infra/base/lib/visible";

/** What no terminal gets of others. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const CASES: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["a colour", "\u001b[31mred\u001b[0m", "\\x1b[31mred\\x1b[0m"],
  ["a title of the window", "\u001b]0;owned\u0007", "\\x1b]0;owned\\x07"],
  ["a sequence of one byte (C1)", "\u009b2J\u0090", "\\x9b2J\\x90"],
  ["a return to the line's start", "failed\rpassed", "failed\\x0dpassed"],
  ["a backspace and a delete", "a\b\u007f", "a\\x08\\x7f"],
  ["a text from right to left", "a\u202egpj.exe\u2066", "a\\u202egpj.exe\\u2066"],
  ["a line separator", "a\u2028b", "a\\u2028b"],
  ["an invisible tag", "a\u{e0041}", "a\\u{e0041}"],
];

describe("visible", () => {
  for (const [what, given, shown] of CASES) {
    it(`shows ${what} as what it is`, () => {
      strictEqual(visible(given), shown);
      strictEqual(visibleLine(given), shown);
    });
  }

  it("keeps letters, emoji, tabs and line ends", () => {
    const given = "Zähler\t👩‍🚀 日本 עברית\n";
    strictEqual(visible(given), given);
    strictEqual(visible("a\r\nb"), "a\nb");
  });

  it("shows a line end within one line, and indents the lines of a message", () => {
    strictEqual(visibleLine("a\nerror[Forged]: b"), "a\\nerror[Forged]: b");
    strictEqual(visibleMessage("a\nerror[Forged]: b"), "a\n  error[Forged]: b");
  });

  it("leaves nothing of any text that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        doesNotMatch(visible(given), OBEYED);
        doesNotMatch(visibleLine(given), /\n/);
        doesNotMatch(visibleJson({ given, [given]: 1 }), OBEYED);
      }),
    );
  });

  it("keeps the value of a JSON document", () => {
    for (const [, given] of CASES) deepStrictEqual(JSON.parse(visibleJson({ given })), { given });
  });

  it("keeps our own colours in painted lines, and no other sequence", () => {
    strictEqual(visiblePainted("\u001b[1;31mred\u001b[0m \u001b[2J\n"), "\u001b[1;31mred\u001b[0m \\x1b[2J\\n");
  });

  it("reads streams whose characters come in pieces", async () => {
    const bytes = Buffer.from("€\u001b[2J\u009b\n");
    const pieces = [...bytes].map((byte) => Buffer.from([byte]));
    const out = new PassThrough();
    await pipeline(Readable.from(pieces), visibleInto(out));
    strictEqual(await text(out.end()), "€\\x1b[2J\\x9b\n");
  });

  it("keeps a line end of two characters that came in two pieces, and shows a carriage return at the end", async () => {
    const out = new PassThrough();
    await pipeline(Readable.from([Buffer.from("a\r"), Buffer.from("\nb\r")]), visibleInto(out));
    strictEqual(await text(out.end()), "a\nb\\x0d");
  });
});
