import { deepStrictEqual, strictEqual } from "node:assert";
import { parseLogOptions, selectLines } from "../../../sandbox/kubernetes/log-options";

const lines = ["2026-01-01T00:00:01.000Z one", "2026-01-01T00:00:02.000Z two 2", "2026-01-01T00:00:03.000Z "];
const now = Date.parse("2026-01-01T00:00:04Z");

const select = (query: string) => selectLines(lines, parseLogOptions(new URLSearchParams(query), now));

describe("what a reader of a log gets", () => {
  it("is all lines without their times", () => {
    deepStrictEqual(select(""), ["one", "two 2", ""]);
  });

  it("has times when asked for", () => {
    strictEqual(select("timestamps=true")[0], lines[0]);
  });

  it("is only the last lines when a tail is asked for", () => {
    deepStrictEqual(select("tailLines=2"), ["two 2", ""]);
    deepStrictEqual(select("tailLines=0"), []);
  });

  it("begins at the time or the number of seconds ago that is asked for", () => {
    deepStrictEqual(select("sinceTime=2026-01-01T00:00:02Z"), ["two 2", ""]);
    deepStrictEqual(select("sinceSeconds=1"), [""]);
  });

  it("takes the tail of what is recent enough", () => {
    deepStrictEqual(select("sinceSeconds=2&tailLines=1"), [""]);
  });
});
