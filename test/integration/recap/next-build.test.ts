import { deepStrictEqual, match } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWith } from "../../../infra/base/lib/run";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { nextBuild } from "../../../infra/recap/next-build";
import { gitEnvironment } from "../../support/git-environment";

const ENVIRONMENT = gitEnvironment("Tester", "tester@example.org");

describe("the next build that a recap tells of", () => {
  let folder: string;
  const said: string[] = [];
  const run = runWith({ say: (line) => void said.push(line) });
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: folder, env: ENVIRONMENT, encoding: "utf8", stdio: "pipe" }).trim();
  const next = (tag: string, repository = `file://${folder}`) => nextBuild(repository, parseBuildTag(tag), run);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "repository-"));
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "-m", "Releasing v1.2.3");
    for (const name of ["v1.2.3+1", "v1.2.3+3", "v1.2.30+2", "v1.2.3+4-not-a-build"]) git("tag", name);
    git("tag", "-a", "v1.2.3+10", "-m", "Build 10\n\nSupersedes: v1.2.3+3 Its nodes never synced.");
    git("tag", "-a", "v1.2.3+11", "-m", "Build 11\n\nSupersedes: v1.2.3+9 Another build.");
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is the lowest build after it, by number", async () =>
    deepStrictEqual(await next("v1.2.3+1"), { tag: "v1.2.3+3" }));

  it("comes with the reason that its annotated tag gives", async () =>
    deepStrictEqual(await next("v1.2.3+3"), { tag: "v1.2.3+10", why: "Its nodes never synced." }));

  it("comes without a reason that is for another build", async () =>
    deepStrictEqual(await next("v1.2.3+10"), { tag: "v1.2.3+11" }));

  it("is unknown after the last build", async () => deepStrictEqual(await next("v1.2.3+11"), undefined));

  it("is unknown when the repository cannot be read, and the run says why", async () => {
    deepStrictEqual(await next("v1.2.3+1", `file://${folder}/none`), undefined);
    match(said.join("\n"), /^v1\.2\.3\+1: the next build is not known: .*cannot be read/);
  });
});
