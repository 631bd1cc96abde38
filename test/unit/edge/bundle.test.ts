import { doesNotMatch, ok, strictEqual } from "node:assert";
import { workerCode } from "../../../stacks/edge";

/**
 * Longest code of the Worker, in characters. It has 45,000, a half of them for the plots of the simmer. This bound
 * leaves room for a third as much again, but for no library: semver has 74,000, and zod 755,000. Each new isolate
 * parses the code while the first visitor waits.
 */
const LONGEST = 60_000;

describe("workerCode", () => {
  it("is the same text for the same source, wherever the program runs", () => {
    const here = process.cwd();
    const code = workerCode();
    process.chdir("/");
    try {
      strictEqual(workerCode(), code);
    } finally {
      process.chdir(here);
    }
  });

  it("uses neither Node.js nor a library", () => {
    const code = workerCode();
    doesNotMatch(code, /["'`]node:|\brequire\(|^\s*import\b/m);
    doesNotMatch(code, /\bzod\b|node_modules/i);
  });

  it(`is shorter than ${LONGEST} characters`, () => {
    const { length } = workerCode();
    ok(length < LONGEST, `${length} characters`);
  });
});
