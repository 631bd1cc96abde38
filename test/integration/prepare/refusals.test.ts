import { deepStrictEqual, match, strictEqual } from "node:assert";
import { chmodSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { refusesLater } from "../../support/errors";
import { NodeCheckout, UNRELEASED } from "../../support/node-checkout";

describe("prepare refuses, with one line and nothing changed,", function () {
  this.timeout(30_000);

  let node: NodeCheckout;
  beforeEach(() => {
    node = new NodeCheckout();
  });
  afterEach(() => node.remove());

  /** Refuses and leaves refs, index, tree and remote as they are. */
  async function refused(
    code: string,
    names: readonly string[],
    wish: Parameters<NodeCheckout["prepare"]>[0] = {},
    exitCode: 1 | 2 = 1,
  ): Promise<void> {
    const before = node.state();
    await refusesLater(node.prepare(wish), code, { names, exitCode });
    deepStrictEqual(node.state(), before);
  }

  it("a folder without a repository", async () => {
    await refusesLater(node.prepare({}, { folder: node.root }), "CheckoutMissing", {
      names: [node.root],
      exitCode: 2,
    });
  });

  it("a bare repository", async () => {
    await refusesLater(node.prepare({}, { folder: node.remote }), "CheckoutMissing", { exitCode: 2 });
  });

  it("a branch without a commit", async () => {
    node.git("switch", "--quiet", "--orphan", "empty");
    await refusesLater(node.prepare(), "BranchEmpty", { names: ["empty"] });
  });

  it("a file that was changed", async () => {
    node.write("node.go", "package other\n");
    await refused("CheckoutDirty", ["node.go"]);
  });

  it("a file that is staged", async () => {
    node.write("node.go", "package other\n");
    node.git("add", "node.go");
    await refused("CheckoutDirty", ["node.go"]);
  });

  it("a file that git does not know, whose name is odd", async () => {
    node.write("für\nalle.go", "package other\n");
    await refused("CheckoutDirty", ["für\\nalle.go"]);
  });

  it("a merge that is not finished", async () => {
    node.git("branch", "side");
    node.commit("chore: more");
    node.git("switch", "--quiet", "side");
    node.commit("chore: other");
    node.git("switch", "--quiet", "develop");
    node.git("merge", "--no-commit", "--no-ff", "--quiet", "side");
    const before = node.state();
    await refusesLater(node.prepare(), "GitUnfinished", { names: ["git merge --abort"] });
    deepStrictEqual(node.state(), before);
  });

  it("a detached head", async () => {
    node.git("checkout", "--quiet", "--detach");
    await refusesLater(node.prepare(), "HeadDetached", { names: ["git switch"] });
    strictEqual(node.git("status", "--porcelain"), "");
  });

  it("a checkout without a remote", async () => {
    node.git("remote", "remove", "origin");
    await refused("RemoteMissing", ["git remote add origin"]);
  });

  it("several remotes of which none is the branch's", async () => {
    node.git("remote", "rename", "origin", "one");
    node.git("remote", "add", "two", node.remote);
    node.git("config", "--unset", "branch.develop.remote");
    await refused("RemoteAmbiguous", ["one, two", "branch.develop.remote"]);
  });

  it("a remote that does not answer", async () => {
    node.git("remote", "set-url", "origin", join(node.root, "gone.git"));
    await refused("GitFailed", ["origin"]);
  });

  it("a shallow clone", async () => {
    const shallow = join(node.root, "shallow");
    node.at(node.root, "clone", "--quiet", "--depth", "1", `file://${node.remote}`, shallow);
    await refusesLater(node.prepare({}, { folder: shallow }), "CheckoutShallow", { names: ["git fetch --unshallow"] });
    strictEqual(node.at(shallow, "status", "--porcelain"), "");
  });

  it("a branch behind its remote, of which not even a remote-tracking branch moves", async () => {
    const commit = node.pushed();
    await refused("BranchBehind", [commit.slice(0, 12), "git pull --ff-only origin develop"]);
  });

  it("a branch behind its remote that was fetched before", async () => {
    node.pushed();
    node.git("fetch", "--quiet");
    await refused("BranchBehind", ["develop"]);
  });

  it("a branch that diverged from its remote", async () => {
    node.pushed();
    node.commit("chore: here alone");
    await refused("BranchDiverged", ["git pull --rebase origin develop"]);
  });

  it("another branch than the remote's default one", async () => {
    node.git("switch", "--quiet", "-c", "feature");
    await refused("BranchNotForReleases", ["git switch develop", "--branch feature"], {}, 2);
  });

  it("a remote that does not tell its default branch", async () => {
    node.at(node.remote, "symbolic-ref", "HEAD", "refs/heads/none");
    await refused("ReleaseBranchUnknown", ["--branch develop"], {}, 2);
  });

  it("a checkout without a changelog", async () => {
    node.git("rm", "--quiet", "CHANGELOG.md");
    node.commit("chore: no changelog");
    const head = node.git("rev-parse", "HEAD");
    await refusesLater(node.prepare(), "ChangelogMissing", { names: ["CHANGELOG.md"] });
    deepStrictEqual([node.git("rev-parse", "HEAD"), node.git("status", "--porcelain")], [head, ""]);
  });

  it("a changelog that was deleted and not committed", async () => {
    rmSync(join(node.folder, "CHANGELOG.md"));
    await refusesLater(node.prepare(), "ChangelogMissing");
    strictEqual(node.git("status", "--porcelain"), "D CHANGELOG.md");
  });

  it("a changelog that is a symbolic link", async () => {
    renameSync(join(node.folder, "CHANGELOG.md"), join(node.folder, "changes.md"));
    symlinkSync("changes.md", join(node.folder, "CHANGELOG.md"));
    node.commit("docs: move the changelog");
    await refused("ChangelogNotFile", ["CHANGELOG.md"]);
  });

  it("a prepared release whose changelog was edited since", async () => {
    await node.prepare();
    node.write("CHANGELOG.md", node.read("CHANGELOG.md").replace("## Unreleased\n", "## Unreleased\n\n- More.\n"));
    await refused("VersionExists", ["1.4.3"], {}, 2);
  });

  it("two sections Unreleased", async () => {
    node.write("CHANGELOG.md", `${UNRELEASED}\n## Unreleased\n\n- More.\n`);
    await refused("UnreleasedTwice", ["lines 3 and 8"], {}, 2);
  });

  it("a changelog without a section Unreleased", async () => {
    node.write("CHANGELOG.md", "# Changelog\n\n## 1.4.2\n\n- Older.\n");
    await refused("UnreleasedMissing", ["## Unreleased"], {}, 2);
  });

  it("a section Unreleased that is empty", async () => {
    node.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 1.4.2\n\n- Older.\n");
    await refused("UnreleasedEmpty", ["line 3"], {}, 2);
  });

  it("a version that has a section", async () => {
    node.write("CHANGELOG.md", `${UNRELEASED}\n## 1.4.3\n\n- Named and never tagged.\n`);
    await refused("VersionExists", ["1.4.3", "line 8"], {}, 2);
  });

  it("a version that has a release tag", async () => {
    await refused("VersionTagged", ["v1.4.2"], { version: { major: 1, minor: 4, patch: 2 } }, 2);
  });

  it("a version that has a build tag on another branch", async () => {
    node.git("tag", "v1.4.3+1", node.git("commit-tree", "-m", "elsewhere", "HEAD^{tree}"));
    await refused("VersionTagged", ["v1.4.3+1"], {}, 2);
  });

  it("a tag that somebody else pushed meanwhile", async () => {
    node.pushed("develop", "v1.4.3+1");
    await refused("TagsBehind", ["v1.4.3+1", "git fetch --tags --force origin"]);
  });

  it("a tag that the remote has on another commit", async () => {
    const other = node.pushed("elsewhere");
    node.at(node.remote, "tag", "--force", "v1.4.2", other);
    await refused("TagsBehind", ["v1.4.2"]);
  });

  it("a version that is not above the last one", () =>
    refused("VersionNotAbove", ["v1.4.1", "v1.4.2"], { version: { major: 1, minor: 4, patch: 1 } }, 2));

  it("another bump without a reason", () => refused("BumpReasonMissing", ["v1.4.3", "v1.5.0"], { level: "minor" }, 2));

  it("a smaller bump than a break asks for, although there is a reason", async () => {
    const commit = node.commit("feat(api)!: layers are numbers (#3)");
    await refused("BumpTooSmall", [commit.slice(0, 12), "v2.0.0", "--force"], { level: "minor", reason: "small" }, 2);
  });

  it("a log without commits since the last version", async () => {
    node.git("tag", "v1.4.3");
    await refused("NothingToRelease", ["v1.4.3"]);
  });

  it("a commit that a hook refuses, with its words", async () => {
    hook("commit-msg", "echo no ticket >&2; exit 1");
    await refused("HookRefused", ["commit-msg", "no ticket"]);
  });

  it("a hook that changes what is committed", async () => {
    hook("pre-commit", "git rm --quiet --cached node.go");
    await refused("HookChangedCommit", ["pre-commit"]);
  });

  it("a commit that cannot be signed", async () => {
    node.git("config", "commit.gpgSign", "true");
    node.git("config", "gpg.format", "ssh");
    node.git("config", "user.signingKey", join(node.root, "no-key"));
    await refused("ReleaseCommitFailed", ["no-key"]);
  });

  it("a changelog that somebody edits while a person agrees", async () => {
    const head = node.git("rev-parse", "HEAD");
    const edited = `${UNRELEASED}- An edit.\n`;
    const agrees = async () => node.write("CHANGELOG.md", edited);
    await refusesLater(node.prepare({}, {}, { agrees }), "ChangelogEditedMeanwhile");
    deepStrictEqual([node.git("rev-parse", "HEAD"), node.read("CHANGELOG.md")], [head, edited]);
  });

  it("a branch that somebody moves while a person agrees", async () => {
    const agrees = async () => void node.git("commit", "--quiet", "--allow-empty", "-m", "chore: meanwhile");
    await refusesLater(node.prepare({}, {}, { agrees }), "BranchMovedMeanwhile");
    deepStrictEqual(
      [node.git("log", "-1", "--format=%s"), node.git("status", "--porcelain")],
      ["chore: meanwhile", ""],
    );
  });

  it("a run without a terminal and without flags, and names the flags", async () => {
    const before = node.state();
    const { exitCode, stdout, stderr } = await node.run([]);
    deepStrictEqual([exitCode, stdout], [2, ""]);
    match(stderr, /^error\[PersonMissing\]: .*`--yes`.*`--bump LEVEL`.*`--version VERSION`.*`--dry-run`\.\n$/);
    deepStrictEqual(node.state(), before);
  });

  it("two versions at once", async () => {
    const { exitCode, stderr } = await node.run(["--version", "v1.5.0", "--bump", "minor"]);
    strictEqual(exitCode, 2);
    match(stderr, /^error\[ChoiceTwice\]: .*\n$/);
  });

  function hook(name: string, script: string): void {
    node.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(node.folder, ".git/hooks", name), 0o755);
  }
});
