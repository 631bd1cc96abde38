import { deepStrictEqual, match, rejects, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Records } from "../../../infra/prepare/tags/facts";
import { factsOf, targetOf } from "../../../infra/prepare/tags/gather";
import { violationsOf } from "../../../infra/prepare/tags/rules";
import { releaseBranch } from "../../../infra/prepare/tags/view";
import { CHECKOUT } from "../../support/checkout";
import { PLAIN_GIT, TaggedNode } from "../../support/tagged-node";

const RECORDS: Records = { certificate: { state: "certified" }, deployed: { state: "none" } };

describe("the tags of a node repository", function () {
  this.timeout(60_000);
  let node: TaggedNode;
  before(() => {
    node = new TaggedNode();
  });
  after(() => node.remove());

  /** What the rules say of a tag that exists, or of a new one at a commit. */
  async function violations(folder: string, tag: string, object?: string) {
    const branch = await releaseBranch(folder, undefined);
    const target = await targetOf({ folder }, object ?? `refs/tags/${tag}`);
    const facts = await factsOf({ folder }, { tag, isNew: object !== undefined, target, branch }, RECORDS);
    return violationsOf(tag, facts);
  }

  for (const [tag, cause] of [
    ["v1.2.3+1", undefined],
    ["v1.2.3+2", ["no-failure", /"code\.go".* v1\.2\.3\+1 failed/]],
    ["v1.2.3+4", ["gap", /there is no v1\.2\.3\+3/]],
    ["v1.2.2+9", ["below-last", /below the last version, v1\.2\.3\+\d/]],
    ["v1.3.0+1", ["no-section", /has no section 1\.3\.0/]],
    ["v1.2.3+10", ["gap", /there is no v1\.2\.3\+9/]],
    ["v1.2.4+1", ["off-branch", /not on the release branch develop/]],
  ] as const) {
    for (const place of ["work", "bare"] as const) {
      it(`${cause ? `refuse ${tag} as ${cause[0]}` : `accept ${tag}`} in a ${place} repository`, async () => {
        const [first] = await violations(node[place], tag);
        strictEqual(first?.rule, cause?.[0], JSON.stringify(first));
        if (cause) match(first?.what ?? "", cause[1]);
      });
    }
  }

  it("are judged the same with a detached head, as CI checks out", async () => {
    node.git("checkout", "--quiet", "--detach", "v1.2.3+1");
    try {
      deepStrictEqual(await violations(node.work, "v1.2.3+1"), []);
      strictEqual((await violations(node.work, "v1.2.3+4"))[0]?.rule, "gap");
    } finally {
      node.git("checkout", "--quiet", "develop");
    }
  });

  it("are not judged in a shallow clone", async () => {
    const target = await targetOf({ folder: node.shallow }, "HEAD");
    const branch = { name: "develop", commit: target.commit };
    await rejects(
      factsOf({ folder: node.shallow }, { tag: "v1.2.3+1", isNew: false, target, branch }, RECORDS),
      /shallow clone.*git fetch --unshallow --tags/,
    );
  });

  it("are compared with a new tag: all of the branch come before it", async () => {
    const commit = node.git("rev-parse", "v1.2.3+1");
    deepStrictEqual(
      (await violations(node.work, "v1.2.3+11", commit)).map(({ rule }) => rule),
      ["below-last"], // v1.3.0+1 is on the branch
    );
    strictEqual((await violations(node.work, "v1.2.3+1", commit))[1]?.rule, "repeat");
    strictEqual((await violations(node.work, "v2.0.0+1", "develop^{tree}"))[0]?.rule, "no-commit");
  });

  it("may follow a commit that a squashed pull request or a merge bot named", async () => {
    for (const [version, subject] of [
      ["v1.4.0", "Releasing v1.4.0 (#77)"],
      ["v1.5.0", "[Merged by Bors] - Releasing v1.5.0"],
    ] as const) {
      node.release(version);
      node.git("commit", "--quiet", "--amend", "-m", subject);
      node.git("push", "--quiet", "origin", "develop");
      deepStrictEqual(await violations(node.work, `${version}+1`, "HEAD"), []);
    }
  });

  it("follow only a commit whose whole subject names the version", async () => {
    node.release("v1.6.0");
    node.git("commit", "--quiet", "--amend", "-m", "docs: how to write it", "-m", "Releasing v1.6.0");
    node.git("push", "--quiet", "origin", "develop");
    strictEqual((await violations(node.work, "v1.6.0+1", "HEAD"))[0]?.rule, "not-prepared");
  });

  describe("as the command tells them", () => {
    const check = (folder: string, ...args: string[]) =>
      spawnSync(process.execPath, [join(CHECKOUT, "scripts/smeshnet.cjs"), "tag", "check", ...args], {
        cwd: folder,
        env: { ...process.env, ...PLAIN_GIT, PULUMI_BACKEND_URL: "file:///nowhere-at-all" },
        encoding: "utf8",
      });

    it("are right with exit code 0, and what is not seen is said", () => {
      const { status, stdout, stderr } = check(node.work, "v1.2.3+1");
      strictEqual(status, 0, stderr);
      match(stdout, /^not seen: the deployed commit \(.+\)\nv1\.2\.3\+1 at [0-9a-f]{12} keeps the rules\n$/);
    });

    it("are refused with exit code 1 and one line, and with all rules as JSON", () => {
      const { status, stdout, stderr } = check(node.work, "v1.2.2+9", "--json");
      strictEqual(status, 1, stderr);
      match(stderr, /^error\[TagRefused\]: v1\.2\.2\+9 is below the last version.*\n$/);
      const { tags } = JSON.parse(stdout) as { tags: { violations: { rule: string }[]; unseen: string[] }[] };
      deepStrictEqual(
        tags.map((one) => one.violations.map(({ rule }) => rule)),
        [["below-last", "first-build", "no-section", "not-prepared"]],
      );
      strictEqual(tags[0]?.unseen.length, 1);
    });

    it("end with exit code 2 when they cannot be judged", () => {
      for (const [folder, tag, words] of [
        [node.shallow, "v1.2.3+1", /CheckoutShallow.*unshallow/],
        [node.work, "v7.0.0+1", /TagMissing.*v7\.0\.0\+1/],
      ] as const) {
        const { status, stderr } = check(folder, tag);
        strictEqual(status, 2, stderr);
        match(stderr, words);
        strictEqual(stderr.split("\n").length, 2, stderr);
      }
      strictEqual(check(node.work).status, 2);
    });

    it("are refused by their form anywhere", () => {
      const { status, stderr } = check(node.root, "v1.02.3");
      strictEqual(status, 1);
      match(stderr, /^error\[TagRefused\]: "v1\.02\.3" has a zero before 2\. Remove the zero\.\n$/);
    });
  });
});
