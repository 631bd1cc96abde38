import { strictEqual, throws } from "node:assert";
import { tagStarts } from "../../../../sandbox/actions/filters";

/** Patterns with names that they match and names that they do not, after the examples of GitHub's cheat sheet. */
const EXAMPLES: readonly [pattern: string, matches: readonly string[], others: readonly string[]][] = [
  ["feature/*", ["feature/my-branch", "feature/"], ["feature/a/b", "feature", "xfeature/a"]],
  ["feature/**", ["feature/beta-a/my-branch", "feature/mona/the/octocat"], ["features/a"]],
  ["*", ["main", "releases"], ["all/the/branches"]],
  ["**", ["all/the/branches", "every/tag", "main"], []],
  ["*feature", ["mona-feature", "feature"], ["feature-x", "a/feature"]],
  ["v2*", ["v2", "v2.0", "v2.9"], ["v1", "V2"]],
  ["v[12].[0-9]+.[0-9]+", ["v1.10.1", "v2.0.0"], ["v3.0.0", "v1..1", "v1.0.0-rc.1", "v1x0x0"]],
  ["Octoc?t", ["Octot", "Octoct"], ["Octocat", "Octocct"]],
  ["[CB]at", ["Cat", "Bat"], ["cat", "Rat", "CBat"]],
  ["[1-2]00", ["100", "200"], ["300"]],
  ["v1\\+1", ["v1+1"], ["v11", "v111"]],
  ["v1+1", ["v11", "v111"], ["v1+1"]],
  ["a.b-c/d(e)", ["a.b-c/d(e)"], ["axb-c/d(e)"]],
];

describe("tagStarts", () => {
  for (const [pattern, matches, others] of EXAMPLES) {
    it(`reads ${pattern} as GitHub's cheat sheet says`, () => {
      for (const name of matches) strictEqual(tagStarts([pattern], name), true, name);
      for (const name of others) strictEqual(tagStarts([pattern], name), false, name);
    });
  }

  it("lets the last pattern that matches decide, so that ! excludes and a later one includes again", () => {
    const patterns = ["releases/**", "!releases/**-alpha", "releases/10-alpha"];
    strictEqual(tagStarts(patterns, "releases/10"), true);
    strictEqual(tagStarts(patterns, "releases/9-alpha"), false);
    strictEqual(tagStarts(patterns, "releases/10-alpha"), true);
  });

  it("starts nothing without a pattern that matches", () => strictEqual(tagStarts([], "v1.2.3"), false));

  it("refuses v*+*, which does not mean a tag with a plus sign", () => {
    throws(() => tagStarts(["v*+*"], "v1.2.3+1"), /has no character before it/);
  });

  it("refuses a set that does not end and a backslash with nothing after it", () => {
    for (const pattern of ["v[0-9", "v1\\"]) throws(() => tagStarts([pattern], "v1"), /is not complete/);
  });
});
