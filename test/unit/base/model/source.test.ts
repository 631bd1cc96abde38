import { strictEqual } from "node:assert";
import { tagMoved } from "../../../../infra/base/model/source";
import { isRefusal } from "../../../support/errors";

const [A, B] = ["a", "b"].map((digit) => digit.repeat(40)) as [string, string];
const SOURCE = { tag: "v1.2.3+1", repository: "file:///node.git", deployed: A };

describe("tagMoved", () => {
  it("finds nothing wrong with a tag at the deployed commit", () =>
    strictEqual(tagMoved({ ...SOURCE, tagged: A }), undefined));

  it("names both commits of a tag that has moved, the next build, and the commands that move the tag back", () => {
    isRefusal(tagMoved({ ...SOURCE, tagged: B }), "TagMoved", {
      names: [
        `v1.2.3+1 points to ${B} in file:///node.git, but was deployed from ${A}.`,
        "next build",
        `\`git tag --force v1.2.3+1 ${A} && git push --force origin v1.2.3+1\``,
      ],
    });
  });

  it("names the commands that restore a tag that was deleted", () => {
    isRefusal(tagMoved({ ...SOURCE, tagged: undefined }), "TagDeleted", {
      names: ["file:///node.git", A, `\`git tag v1.2.3+1 ${A} && git push origin v1.2.3+1\``],
    });
  });
});
