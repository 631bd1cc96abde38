import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { looksLikeVersion } from "../../../../infra/prepare/tags/forms";
import { violationsOf } from "../../../../infra/prepare/tags/rules";
import { BAD_TAGS, GOOD_TAGS } from "../../../support/tag-facts";

describe("the rules of version tags", () => {
  it("are tried on 200 bad tags, each another one, and on 50 good ones", () => {
    ok(BAD_TAGS.length >= 200, `${BAD_TAGS.length}`);
    strictEqual(new Set(BAD_TAGS.map(({ rule, tag }) => `${rule} ${tag}`)).size, BAD_TAGS.length);
    ok(GOOD_TAGS.length >= 50, `${GOOD_TAGS.length}`);
  });

  for (const { rule, tag, note, facts } of BAD_TAGS) {
    it(`refuse ${JSON.stringify(tag)}, ${note}: ${rule}`, () => {
      const [cause, ...more] = violationsOf(tag, facts);
      strictEqual(cause?.rule, rule, JSON.stringify([cause, ...more]));
      for (const words of [cause.what, cause.fix]) match(words, /^[^\n\r]{8,400}[.?]$/);
    });
  }

  for (const { tag, note, facts } of GOOD_TAGS) {
    it(`accept ${tag}: ${note}`, () => deepStrictEqual(violationsOf(tag, facts), []));
  }

  it("tell each kind of mistake in words of its own", () => {
    const told = new Map<string, string>();
    for (const { rule, tag, facts } of BAD_TAGS) {
      const words = violationsOf(tag, facts)[0]?.what.replaceAll(/"[^"]*"|v[\d.]+(\+\d+)?|\d+/g, "") ?? "";
      strictEqual(told.get(words) ?? rule, rule, words);
      told.set(words, rule);
    }
  });
});

describe("a tag that looks like a version", () => {
  it("is judged in a push, and all others are free", () => {
    for (const tag of ["v1.2.3+1", "1.2.3", "V1.2", "v01.2.3", "v1", "v1.2.3-rc.1", "1_2_3_1", "v+1", "vx.2+1"])
      ok(looksLikeVersion(tag), tag);
    for (const tag of ["nightly-2026", "latest", "version-one", "as-deployed", "release/v1.2.3", "v"])
      ok(!looksLikeVersion(tag), tag);
  });
});
