import { deepStrictEqual } from "node:assert";
import type { RecapFacts } from "../../../infra/recap/facts";
import { doneOf } from "../../../infra/recap/sections";
import { FAILURE } from "../../support/recaps";

const FACTS: RecapFacts = {
  schema: 1,
  tag: "v1.2.3+1",
  verdict: "not judged",
  promotions: [],
  excerpts: [],
  links: { page: "http://localhost/" },
};
const last = (more: Partial<RecapFacts>) => doneOf({ ...FACTS, ...more }).at(-1);

describe("what a recap says of the next build", () => {
  it("is its name, and its reason as text without markup or addresses", () =>
    deepStrictEqual(
      [last({ next: { tag: "v1.2.3+2" } }), last({ next: { tag: "v1.2.3+2", why: "*10.0.0.1* never <b>synced" } })],
      [
        "The next build is v1.2.3+2.",
        "The next build, v1.2.3+2, took the place of v1.2.3+1: \\*\\[address\\]\\* never &lt;b&gt;synced.",
      ],
    ));

  it("is the name that the failed deployment proposes while there is no such tag", () =>
    deepStrictEqual(
      [last({ failure: FAILURE }), last({ failure: FAILURE, next: { tag: "v1.2.3+4" } })],
      ["The next build is to be v1.2.3+2.", "The next build is v1.2.3+4."],
    ));
});
