import { deepStrictEqual, strictEqual } from "node:assert";
import { parseLogOptions, selectLines } from "../../../sandbox/kubernetes/log-options";

const lines = ["2026-01-01T00:00:01.000Z one", "2026-01-01T00:00:02.000Z two 2", "2026-01-01T00:00:03.000Z "];
const now = Date.parse("2026-01-01T00:00:04Z");

const select = (query: string) => selectLines(lines, parseLogOptions(new URLSearchParams(query), now));

describe("selectLines", () => {
  it("returns all lines without their times by default", () => {
    deepStrictEqual(select(""), ["one", "two 2", ""]);
  });

  it("returns times on request", () => {
    strictEqual(select("timestamps=true")[0], lines[0]);
  });

  it("returns only the last lines for a tail", () => {
    deepStrictEqual(select("tailLines=2"), ["two 2", ""]);
    deepStrictEqual(select("tailLines=0"), []);
  });

  it("begins at a given time or a number of seconds ago", () => {
    deepStrictEqual(select("sinceTime=2026-01-01T00:00:02Z"), ["two 2", ""]);
    deepStrictEqual(select("sinceSeconds=1"), [""]);
  });

  it("applies the tail after the time", () => {
    deepStrictEqual(select("sinceSeconds=2&tailLines=1"), [""]);
  });
});
