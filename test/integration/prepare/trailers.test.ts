import { deepStrictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { array, assert, constantFrom, property } from "fast-check";
import { trailersIn } from "../../../infra/base/model/trailers";

/** Lines of messages, among them all that decide whether a paragraph holds trailers. */
const LINE = constantFrom(
  "Without-Simmer: late",
  "Without-Simmer:",
  "without-simmer : spaced ",
  "Supersedes: v1.2.3+1 it: stalled",
  "Signed-off-by: S <s@example.org>",
  "(cherry picked from commit 12ab)",
  " folded",
  "\t folded: too ",
  "words in the middle",
  "two words: value",
  ": no key",
  "a_b: underscore",
  "# a comment",
  "---",
  "",
  "",
  " ",
  "\r",
  "Key: carriage\r",
);

describe("the trailers of a message", function () {
  this.timeout(60_000);

  it("are those that git finds, whatever its lines are", () => {
    assert(
      property(array(LINE, { maxLength: 12 }), (lines) => {
        const message = ["Title", "", ...lines, ""].join("\n");
        const ours = trailersIn(message).map(({ key, value }) => `${key}: ${value}`.trim());
        const args = ["interpret-trailers", "--parse", "--no-divider"];
        const printed = execFileSync("git", args, { input: message, encoding: "utf8" });
        // git keeps white space before a fold, and so the \r of Windows.
        const theirs = printed
          .split("\n")
          .filter(Boolean)
          .map((line) => line.replace(/\s+/g, " ").trim());
        deepStrictEqual(ours, theirs);
      }),
      { numRuns: 400 },
    );
  });
});
