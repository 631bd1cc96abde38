import { deepStrictEqual, strictEqual } from "node:assert";
import { tagCheck } from "../../../infra/review/source";
import { isRefusal } from "../../support/errors";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const SOURCE = { tag: "v1.2.3+1", repository: "file:///node.git", deployed: A };

describe("tagCheck", () => {
  it("is fine while the tag names what was deployed", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: A });
    deepStrictEqual([check.what, check.ok, moved], ["tag", true, undefined]);
  });

  it("names both commits when tag and network differ, and what to do", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: B });
    deepStrictEqual(check, {
      what: "tag",
      ok: false,
      saw: `v1.2.3+1 points to ${B} in file:///node.git, the network runs ${A}`,
    });
    isRefusal(moved, "TagMoved");
  });

  it("tells of a tag that is gone", () => {
    const { check, moved } = tagCheck({ ...SOURCE, tagged: undefined });
    strictEqual(check.saw, `v1.2.3+1 is gone from file:///node.git, the network runs ${A}`);
    isRefusal(moved, "TagDeleted");
  });
});
