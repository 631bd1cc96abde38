import { deepStrictEqual, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitsOf } from "../../../infra/base/clients/git";
import { moveBranch } from "../../../infra/deploy/branch";
import { supersededBy } from "../../../infra/deploy/superseded";
import { refusesLater } from "../../support/errors";
import { gitEnvironment } from "../../support/git-environment";

const ENVIRONMENT = gitEnvironment("Tester", "tester@example.org");

/** A real bare repository, removed when the test ends. */
class Repository {
  private readonly folder = mkdtempSync(join(tmpdir(), "repository-"));
  readonly url = `file://${this.folder}`;

  constructor() {
    this.git("init", "--quiet", "--bare");
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, env: ENVIRONMENT, encoding: "utf8", stdio: "pipe" }).trim();
  }

  /** A new commit on top of another one. */
  commit(message: string, parent?: string): string {
    const tree = execFileSync("git", ["mktree"], { cwd: this.folder, env: ENVIRONMENT, encoding: "utf8", input: "" });
    return this.git("commit-tree", tree.trim(), "-m", message, ...(parent ? ["-p", parent] : []));
  }

  head(branch: string): string {
    return this.git("rev-parse", `refs/heads/${branch}`);
  }

  /** Runs a shell script before the repository takes a push; it is given the branch's ref, and counted. */
  onPush(script: string): void {
    const hook = join(this.folder, "hooks/update");
    writeFileSync(hook, `#!/bin/sh\necho "$1" >> "${this.folder}/pushes"\n${script}\n`);
    chmodSync(hook, 0o755);
  }

  pushes(): number {
    return readFileSync(join(this.folder, "pushes"), "utf8").split("\n").filter(Boolean).length;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe("moving a branch", function () {
  this.timeout(20_000);

  let repository: Repository;
  let first: string;
  let second: string;
  beforeEach(() => {
    repository = new Repository();
    first = repository.commit("first");
    second = repository.commit("second", first);
    repository.git("tag", "v1.2.3+1", first);
    repository.git("tag", "-a", "-m", "annotated", "v1.2.3+2", second);
  });
  afterEach(() => repository.remove());

  it("finds the commit behind a lightweight and an annotated tag", async () => {
    const tags = ["refs/tags/v1.2.3+1", "refs/tags/v1.2.3+2", "refs/tags/v1.2.3+9"];
    deepStrictEqual(await commitsOf(repository.url, tags), [first, second, undefined]);
  });

  it("creates the branch when there is none", async () => {
    deepStrictEqual(await moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" }), {
      branch: "devnet",
      commit: second,
      previous: undefined,
    });
    strictEqual(repository.head("devnet"), second);
  });

  it("points it to the tag's commit, forward and back, and reports the old commit", async () => {
    repository.git("branch", "devnet", first);
    deepStrictEqual(await moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" }), {
      branch: "devnet",
      commit: second,
      previous: first,
    });
    const back = await moveBranch(repository.url, "devnet", { tag: "v1.2.3+1" });
    deepStrictEqual([back.previous, repository.head("devnet")], [second, first]);
  });

  it("pushes nothing when the branch is already there", async () => {
    repository.git("branch", "devnet", second);
    repository.onPush("exit 1");
    deepStrictEqual(await moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" }), {
      branch: "devnet",
      commit: second,
      previous: second,
    });
  });

  it("touches no other branch", async () => {
    repository.git("branch", "devnext", first);
    await moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" });
    strictEqual(repository.head("devnext"), first);
  });

  // `update` runs after the lease was compared with what the server said it had, and before the ref is locked.
  const raceTo = (commit: string) => `unset GIT_QUARANTINE_PATH; git update-ref "$1" ${commit}`;

  it("tries again when somebody moves the branch at the same moment", async () => {
    const other = repository.commit("of another deployment", first);
    repository.git("branch", "devnet", first);
    repository.onPush(`test "$(wc -l < pushes)" -gt 1 || { ${raceTo(other)}; }`);
    const move = await moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" });
    deepStrictEqual([move.previous, repository.head("devnet"), repository.pushes()], [other, second, 2]);
  });

  it("gives up when that happens again and again", async () => {
    repository.git("branch", "devnet", first);
    repository.onPush(raceTo(`$(git commit-tree -m "$(wc -l < pushes)" "$(git mktree < /dev/null)")`));
    await refusesLater(moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" }), "BranchContested", {
      names: ["devnet"],
    });
    strictEqual(repository.pushes(), 3);
  });

  it("does not try again when the repository refuses, and passes on its words", async () => {
    repository.git("branch", "devnet", first);
    repository.onPush("echo devnet is protected >&2; exit 1");
    const names = ["devnet is protected", repository.url];
    await refusesLater(moveBranch(repository.url, "devnet", { tag: "v1.2.3+2" }), "GitFailed", { names });
    deepStrictEqual([repository.pushes(), repository.head("devnet")], [1, first]);
  });

  describe("to a commit that was decided before", () => {
    it("goes there while the tag still points to it", async () => {
      const { commit, previous } = await moveBranch(repository.url, "devnet", { tag: "v1.2.3+1", commit: first });
      deepStrictEqual([commit, previous, repository.head("devnet")], [first, undefined, first]);
    });

    it("refuses a build tag that has moved since, names both commits, and pushes nothing", async () => {
      repository.git("branch", "devnet", first);
      repository.git("tag", "--force", "v1.2.3+1", second);
      const move = moveBranch(repository.url, "devnet", { tag: "v1.2.3+1", commit: first });
      await refusesLater(move, "TagMoved", { names: [first, second, repository.url] });
      strictEqual(repository.head("devnet"), first);
    });

    it("refuses a build tag that was deleted since, with the commands that restore it", async () => {
      repository.git("tag", "--delete", "v1.2.3+1");
      const move = moveBranch(repository.url, "devnet", { tag: "v1.2.3+1", commit: first });
      await refusesLater(move, "TagDeleted", { names: [`\`git tag v1.2.3+1 ${first} && git push origin v1.2.3+1\``] });
    });

    it("goes to the commit of a promotion, although the release tag has moved or is gone", async () => {
      repository.git("tag", "-a", "-m", "Release", "v1.2.3", second);
      await moveBranch(repository.url, "testnet", { tag: "v1.2.3", commit: first });
      strictEqual(repository.head("testnet"), first);
      repository.git("tag", "--delete", "v1.2.3");
      await moveBranch(repository.url, "testnet", { tag: "v1.2.3", commit: second });
      strictEqual(repository.head("testnet"), second);
    });

    it("names a commit that the repository lost", async () => {
      const gone = "c0ffee".padEnd(40, "0");
      repository.git("tag", "-a", "-m", "Release", "v1.2.3", second);
      const move = moveBranch(repository.url, "testnet", { tag: "v1.2.3", commit: gone });
      await refusesLater(move, "CommitMissing", { names: [repository.url, gone] });
    });
  });

  it("hands on why a build superseded the last one, from the message of its annotated tag", async () => {
    const of = (tag: string, commit = first) => supersededBy(repository.url, { tag, commit });
    repository.git("tag", "v1.2.3+7", first);
    repository.git("tag", "-a", "-m", "Build", "-m", "Supersedes: v1.2.3+7 miner-3 crashed", "v1.2.3+8", first);
    deepStrictEqual(await of("v1.2.3+8"), { tag: "v1.2.3+7", why: "miner-3 crashed" });
    for (const without of ["v1.2.3+1", "v1.2.3+7", "v1.2.3"]) strictEqual(await of(without), undefined, without);
    await refusesLater(of("v1.2.3+9"), "GitFailed", { names: ["v1.2.3+9"] });
    await refusesLater(of("v1.2.3+8", second), "TagMoved", { names: ["v1.2.3+8", first, second] });
  });

  it("names a missing tag, and the command that pushes it", async () => {
    const names = [repository.url, "git push origin v1.2.3+9"];
    await refusesLater(moveBranch(repository.url, "devnet", { tag: "v1.2.3+9" }), "TagMissing", { names });
  });

  it("names a repository that cannot be read", async () => {
    const names = ["file:///nowhere"];
    await refusesLater(moveBranch("file:///nowhere", "devnet", { tag: "v1.2.3+1" }), "GitFailed", { names });
  });
});
