import { deepStrictEqual, ok } from "node:assert";
import { type Pattern, parsed, patternsIn, sources } from "../../support/sources";
import { faultOf } from "../../support/superlinear";

const faultsIn = (patterns: readonly Pattern[]): string[] =>
  patterns.flatMap((pattern) => {
    const fault = faultOf(pattern);
    return fault === undefined ? [] : [`${pattern.place} /${pattern.source}/${pattern.flags}: ${fault}`];
  });

const planted = (text: string): string[] => faultsIn(patternsIn(parsed("planted.ts", text)));

describe("regular expressions", function () {
  this.timeout(60_000);

  it("take linear time for any text", () => {
    const patterns = sources().flatMap(patternsIn);
    ok(patterns.length > 400, `${patterns.length} patterns`); // the scan finds them
    deepStrictEqual(faultsIn(patterns), []);
  });

  for (const [name, text] of [
    ["a literal that is exponential", "const a = /^(\\d+)+$/;"],
    ["a literal that looks again from each place", 'text.replace(/\\s+$/, "");'],
    ["two repetitions that share characters", "const a = /^\\d+\\.?\\d*(s|m)$/;"],
    ["a pattern in a text", 'const a = new RegExp("^(a|a)*$");'],
    ["a repetition over its own beginning", "text.replace(/<!--[^]*?-->/g, '');"],
    ["alternatives that begin alike", "const a = /^(?:\\\\.|[^,])+x$/;"],
    ["a pattern in a raw text", "const a = RegExp(String.raw`\\s*\\n`);"],
    [
      "a pattern that is put together",
      "const A = `a+`;\nconst B = `$" + "{A}a+`;\nconst c = new RegExp(`^$" + "{B}$`);",
    ],
    ["a pattern of a list", 'const a = new RegExp(["^a*", "a*b"].join(""));'],
    ["a pattern that match makes of a text", 'text.match("^(a+)+$");'],
    ["the pattern behind a name", 'const A = /a*b/;\nconst b = new RegExp(A, "g");'],
  ] as const) {
    it(`are refused: ${name}`, () => ok(planted(text).length > 0));
  }

  it("are not refused when they take linear time", () => {
    deepStrictEqual(
      planted(
        "const a = /^\\d+$/; const b = /\\d+|<!--[^]*?(?:-->|$)/g; const c = new RegExp(`^$" + "{name} (.+)$`, 'm');",
      ),
      [],
    );
  });
});
