import { deepStrictEqual, match, strictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { BareRepository } from "../../support/bare-repository";
import { CHECKOUT } from "../../support/checkout";
import { RecapWorld, timeAt } from "../../support/recaps";
import { RECORD_KEY } from "../../support/record-key";

const TAG = "v1.2.3+1";

describe("smeshnet recap --publish", function () {
  this.timeout(60_000);
  const world = new RecapWorld();
  const blog = new BareRepository();
  before(async () => {
    blog.commit("main", "README.md", "A blog.\n");
    await world.archive(TAG, timeAt(60), {});
  });
  after(() => {
    world.remove();
    blog.remove();
  });

  const recap = (...args: string[]) => {
    const env = {
      PATH: process.env.PATH,
      SMESHNET_RECORD_KEY: RECORD_KEY,
      GIT_CONFIG_GLOBAL: "/dev/null",
      SMESHNET_ARCHIVE: `file://${world.folder}/store`,
      SMESHNET_NODE_REPOSITORY: world.repository,
      SMESHNET_BLOG_REPOSITORY: blog.url,
      ...Object.fromEntries(
        ["ZONE_ID", "ACCOUNT_ID", "GCP_PROJECT", "GCP_LOCATION", "GCP_ZONE"].map((name) => [`SMESHNET_${name}`, "any"]),
      ),
    };
    const command = ["scripts/smeshnet.cjs", "recap", TAG, ...args];
    return spawnSync(process.execPath, command, { cwd: CHECKOUT, env, encoding: "utf8", timeout: 50_000 });
  };

  it("pushes nothing with --dry-run, which prints the patch", () => {
    const { status, stdout, stderr } = recap("--publish", "--dry-run");
    strictEqual(status, 0, stderr);
    match(stdout, /^diff --git a\/_posts\//);
    deepStrictEqual(blog.branches(), ["main"]);
  });

  it("pushes a branch, and says where the document stands", () => {
    const { status, stdout, stderr } = recap("--publish");
    strictEqual(status, 0, stderr);
    strictEqual(stdout, "");
    match(stderr, /published as _posts\/\S+-v1-2-3-1-recap\.md on branch recap-v1\.2\.3-1 of the blog\n$/);
    deepStrictEqual(blog.branches(), ["main", "recap-v1.2.3-1"]);
  });

  it("refuses --dry-run alone, since it means nothing there", () => {
    const { status, stderr } = recap("--dry-run");
    strictEqual(status, 2);
    match(stderr, /^error\[UsageInvalid\]/);
  });
});
