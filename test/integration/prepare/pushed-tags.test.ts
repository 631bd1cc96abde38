import { deepStrictEqual, ok } from "node:assert";
import { readAllowedSigners } from "../../../infra/base/model/allowed-signers";
import { looksLikeVersion } from "../../../infra/prepare/tags/forms";
import { judgedPush } from "../../../infra/prepare/tags/pushed";
import { NodeCheckout } from "../../support/node-checkout";

const NOTHING = "0".repeat(40);
const TAG = "v1.4.3+1";

describe("a push to a node repository with the hook of tags", function () {
  this.timeout(30_000);

  const node = new NodeCheckout();
  /** The objects of the tags, and the commit after the release. */
  const objects = { build: "", annotated: "", light: "", later: "" };
  before(() => {
    const commit = (subject: string) => {
      const made = node.commit(subject);
      node.git("push", "--quiet", "origin", "develop");
      return made;
    };
    node.write("CHANGELOG.md", node.read("CHANGELOG.md").replace("## Unreleased", "## Unreleased\n\n## 1.4.3"));
    objects.build = commit("Releasing v1.4.3");
    node.git("tag", TAG);
    node.git("tag", "-a", "-m", "Build", "kept", objects.build);
    node.git("push", "--quiet", "origin", TAG, "kept");
    objects.annotated = node.git("rev-parse", "kept");
    objects.later = commit("fix: later");
  });
  after(() => node.remove());

  /** The rules that the tags of a push break. */
  async function broken(...updates: [old: string, fresh: string, tag: string][]): Promise<string[]> {
    const lines = updates.map(([old, fresh, tag]) => `${old} ${fresh} refs/tags/${tag}\n`).join("");
    const judged = await judgedPush({ folder: node.remote }, lines);
    return judged.flatMap(({ tag, violations }) => violations.map(({ rule }) => `${tag} ${rule}`));
  }

  it("moves no version tag, also to a commit that would be right for a new tag", async () => {
    deepStrictEqual(await broken([objects.build, objects.later, TAG]), [`${TAG} moved`]);
  });

  it("deletes no version tag", async () => {
    deepStrictEqual(await broken([objects.build, NOTHING, TAG]), [`${TAG} deleted`]);
    deepStrictEqual(await broken([NOTHING, NOTHING, "v1.4.3+7"]), []);
  });

  it("may annotate a lightweight tag on its commit", async () => {
    deepStrictEqual(await broken([objects.build, objects.annotated, TAG]), []);
  });

  it("deletes tags that are of no version, and those of a wrong form", async () => {
    deepStrictEqual(await broken([objects.build, NOTHING, "nightly"], [objects.build, NOTHING, "v1.4.3+"]), []);
  });

  it("is refused as a whole for one wrong tag of several", async () => {
    deepStrictEqual(await broken([NOTHING, objects.later, "v1.4.3+2"], [NOTHING, objects.later, "v1.4.3+4"]), [
      "v1.4.3+4 gap",
    ]);
  });

  it("brings only signed version tags, when the setting names signers", async () => {
    const signers = readAllowedSigners("sam@example.org ssh-ed25519 AAAA");
    ok(signers);
    const lines = [objects.annotated, objects.later]
      .map((object, i) => `${NOTHING} ${object} refs/tags/v1.4.3+${i + 2}\n`)
      .join("");
    const judged = await judgedPush(
      { folder: node.remote },
      `${lines}${NOTHING} ${objects.later} refs/tags/nightly\n`,
      {
        signers,
        now: Date.now(),
      },
    );
    deepStrictEqual(
      judged.map(({ tag, violations: [first] }) => `${tag} ${first?.rule}`),
      ["v1.4.3+2 signed-as-other", "v1.4.3+3 unsigned"],
    );
  });

  it("is free to make dates and words", () => {
    const free = ["2026-11-29", "20261129", "3rd-party", "nightly", "vNext", "c++20"];
    deepStrictEqual(free.filter(looksLikeVersion), []);
    const versions = ["1.2.3", "1.2.3+1", "1_2_3_1", "v1-2-3-1", "v1.2", "V1.2.3+1", "v1.2.3-rc.1", "v1"];
    deepStrictEqual(
      versions.filter((tag) => !looksLikeVersion(tag)),
      [],
    );
  });
});
