import { deepStrictEqual, doesNotMatch, match } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandOf, lineOf, pushedJobs, pushedTags } from "../../../sandbox/git/pushed-tags";
import { trial } from "../../support/checkout";

const ZERO = "0".repeat(40);
const COMMIT = "c0ffee".padEnd(40, "0");

describe("pushedTags", () => {
  it("starts a deployment for each build tag, a promotion for each release tag, and nothing for other refs", () => {
    const refs = ["tags/v1.2.3+1", "tags/v1.2.3", "heads/devnet", "heads/v1.2.3+1", "tags/v1.2.4+1", "tags/x+1"];
    const lines = refs.map((ref) => `${ZERO} ${COMMIT} refs/${ref}`).join("\n");
    const started = pushedTags(`${lines}\n`).map((tag) => `${commandOf(tag)} ${tag}`);
    deepStrictEqual(started, ["deploy v1.2.3+1", "promote v1.2.3", "deploy v1.2.4+1"]);
  });

  it("starts nothing for tags that name neither a build nor a release", () => {
    const tags = ["vNext", "v2-archive", "v1.2.3-rc.1", "v1.2.3+exp.sha", "v1.2.3++", "v1.2.3+0", "a/v1.2.3+1", "v1.2"];
    deepStrictEqual(pushedTags(tags.map((tag) => `${ZERO} ${COMMIT} refs/tags/${tag}`).join("\n")), []);
  });

  it("starts one job for the nine refs of T19, and says that its tag was moved", () => {
    const [job, ...more] = pushedJobs(readFileSync(join(trial("T19"), "refs.txt"), "utf8"));
    deepStrictEqual([job, more], [{ tag: "v1.2.3+1", movedFrom: "2".repeat(40) }, []]);
    match(job ? lineOf(job) : "", /^CI: deploy v1\.2\.3\+1 \(the tag was MOVED from 2{12}\); .*\n$/);
    doesNotMatch(lineOf({ tag: "v1.2.3+1" }), /MOVED/);
  });

  it("starts nothing for a deleted tag", () => {
    deepStrictEqual(pushedTags(`${COMMIT} ${ZERO} refs/tags/v1.2.3+1\n`), []);
  });
});
