import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { beginningOf, cut, endOf, hasHalfCharacter, withoutHalves } from "../../../../infra/base/lib/cut";

const FAMILY = "👩‍👩‍👧‍👦";
const ACCENTED = "e\u0301";
const FLAGS = "🇩🇪🇫🇷";

describe("cut", () => {
  it("leaves a text that fits as it is", () => {
    for (const text of ["", "abc", FAMILY]) strictEqual(cut(text, Math.max(3, text.length)), text);
  });

  it("shows that there was more, within the length", () => strictEqual(cut("abcdefgh", 6), "abc..."));

  it("cuts between characters as people see them: emoji, accents, flags, line ends", () => {
    strictEqual(beginningOf(`a${FAMILY}b`, 5), "a");
    strictEqual(beginningOf(`a${FAMILY}b`, 1 + FAMILY.length), `a${FAMILY}`);
    strictEqual(beginningOf(`${ACCENTED}x`, 1), "");
    strictEqual(beginningOf(FLAGS, 6), "🇩🇪");
    strictEqual(beginningOf("a\r\nb", 2), "a");
    strictEqual(endOf(`a${FAMILY}b`, 5), "b");
    strictEqual(endOf(`a${FAMILY}`, FAMILY.length), FAMILY);
  });

  it("cuts a character of hundreds of parts between its code points, so that something is left", () => {
    const tower = `a${"\u0301".repeat(500)}`;
    strictEqual(beginningOf(tower, 100).length, 100);
    const faces = `a${"\u200d😀".repeat(300)}`;
    ok(!hasHalfCharacter(beginningOf(faces, 200)));
  });

  it("never ends or begins within a character, and never exceeds the length", () => {
    const texts = fc
      .array(fc.constantFrom("a", "😀", FAMILY, ACCENTED, FLAGS, "\r\n", "한", "👍🏽"))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(texts, fc.nat(60), (text, units) => {
        const [start, end] = [beginningOf(text, units), endOf(text, units)];
        ok(start.length <= units && text.startsWith(start) && !hasHalfCharacter(start));
        ok(end.length <= units && text.endsWith(end) && !hasHalfCharacter(end));
      }),
    );
  });
});

describe("half characters", () => {
  it("are found anywhere in a document, and replaced", () => {
    const whole = { a: ["😀", "\\ud83d", 1, null], b: true };
    ok(!hasHalfCharacter(whole));
    deepStrictEqual(withoutHalves(JSON.stringify(whole)), whole);
    ok(hasHalfCharacter({ a: ["x\ud83d"] }));
    deepStrictEqual(withoutHalves(JSON.stringify({ a: ["x\ud83d", "\ude00"] })), { a: ["x\ufffd", "\ufffd"] });
  });
});

describe("text of others", () => {
  it("is cut by one function: no other place in the code slices a text at a length", () => {
    const found = execFileSync(
      "git",
      [
        "grep",
        "-nE",
        "LONGEST\\w*( - [0-9]+)?\\)|COLUMN - [0-9]+\\)",
        "--",
        "infra",
        "components",
        ":!infra/base/lib/cut.ts",
      ],
      {
        encoding: "utf8",
      },
    );
    deepStrictEqual(
      found.split("\n").filter((line) => /\.slice\(0, /.test(line) && !/isTrouble/.test(line)),
      [],
    );
  });
});
