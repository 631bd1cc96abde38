import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Prepared } from "../../../infra/prepare/run";
import { NodeCheckout, UNRELEASED } from "../../support/node-checkout";

describe("prepare", function () {
  this.timeout(30_000);

  let node: NodeCheckout;
  beforeEach(() => {
    node = new NodeCheckout();
  });
  afterEach(() => node.remove());

  const subject = () => node.git("log", "-1", "--format=%s");
  const filesOfCommit = () => node.git("show", "--format=", "--name-only", "HEAD").split("\n");
  const choiceOf = (prepared: Prepared) => {
    ok(prepared.state !== "prepared");
    return prepared.choice;
  };

  it("commits the changelog alone, with today's date in UTC, and leaves tree and index clean", async () => {
    const parent = node.git("rev-parse", "HEAD");
    const before = node.read("CHANGELOG.md");
    await node.prepare();
    deepStrictEqual(node.git("log", "-1", "--format=%P %s %b"), `${parent} Releasing v1.4.3`);
    deepStrictEqual(filesOfCommit(), ["CHANGELOG.md"]);
    strictEqual(node.git("status", "--porcelain"), "");
    const after = before.replace("## Unreleased\n", "## Unreleased\n\n## [1.4.3] - 2026-11-29\n");
    strictEqual(node.read("CHANGELOG.md"), after);
    strictEqual(node.git("reflog", "-1", "--format=%gs"), "commit: Releasing v1.4.3");
  });

  it("pushes nothing and moves no ref but the branch", async () => {
    const { remote, refs } = node.state();
    await node.prepare();
    const other = (text: string) => text.split("\n").filter((line) => !line.endsWith("refs/heads/develop"));
    deepStrictEqual(node.state().remote, remote);
    deepStrictEqual(other(node.state().refs), other(refs));
  });

  it("makes the manager's edits of the changelog a part of the commit, staged or not", async () => {
    node.write("CHANGELOG.md", node.read("CHANGELOG.md").replace("Late votes", "All late votes"));
    node.git("add", "CHANGELOG.md");
    node.write("CHANGELOG.md", `${node.read("CHANGELOG.md")}\nThe end.\n`);
    await node.prepare();
    const committed = node.git("show", "HEAD:CHANGELOG.md");
    ok(committed.includes("All late votes"));
    ok(committed.endsWith("The end."));
    strictEqual(node.git("status", "--porcelain"), "");
  });

  it("takes a changelog that is not in git yet", async () => {
    node.git("rm", "--quiet", "CHANGELOG.md");
    node.commit("chore: start over");
    node.write("CHANGELOG.md", UNRELEASED);
    await node.prepare();
    deepStrictEqual([filesOfCommit(), node.git("status", "--porcelain")], [["CHANGELOG.md"], ""]);
  });

  it("keeps the mode of the file, and what git makes of line ends", async () => {
    node.git("config", "core.autocrlf", "input");
    node.write("CHANGELOG.md", node.read("CHANGELOG.md").replaceAll("\n", "\r\n"));
    chmodSync(join(node.folder, "CHANGELOG.md"), 0o755);
    node.commit("docs: line ends");
    await node.prepare();
    ok(!/[^\r]\n/.test(node.read("CHANGELOG.md")));
    ok(!execFileSync("git", ["show", "HEAD:CHANGELOG.md"], { cwd: node.folder, encoding: "utf8" }).includes("\r"));
    strictEqual(statSync(join(node.folder, "CHANGELOG.md")).mode & 0o777, 0o755);
    strictEqual(node.git("status", "--porcelain"), "");
  });

  it("works in a folder below, and in a linked worktree", async () => {
    const linked = join(node.root, "linked");
    node.git("switch", "--quiet", "-c", "aside");
    node.git("worktree", "add", "--quiet", linked, "develop");
    mkdirSync(join(linked, "below"));
    await node.prepare({}, { folder: join(linked, "below") });
    strictEqual(node.git("log", "-1", "--format=%s", "develop"), "Releasing v1.4.3");
    strictEqual(node.at(linked, "status", "--porcelain"), "");
    strictEqual(node.git("status", "--porcelain"), "");
  });

  it("releases from another branch when it is named, also from one that the remote lacks", async () => {
    node.git("switch", "--quiet", "-c", "release/1.4");
    const prepared = await node.prepare({}, { branch: "release/1.4" });
    ok(prepared.state === "committed");
    deepStrictEqual([prepared.branch, subject()], ["release/1.4", "Releasing v1.4.3"]);
  });

  it("reads merges, reverts and fixups as git writes them", async () => {
    node.git("switch", "--quiet", "-c", "faucet");
    node.write("faucet.go", "package faucet\n");
    node.commit("feat: a faucet");
    node.git("switch", "--quiet", "develop");
    node.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #6 from example/faucet", "faucet");
    node.write("layers.go", "package layers\n");
    node.commit("feat!: layers are numbers (#4)", "Text.\n\nBREAKING CHANGE: the API");
    node.git("revert", "--no-edit", "HEAD");
    node.write("votes.go", "package votes\n");
    node.git("add", "votes.go");
    node.git("commit", "--quiet", "--fixup", ":/^fix: count late votes");
    const prepared = await node.prepare();
    ok(prepared.state === "committed");
    const { sides, undone, proposal } = prepared.plan;
    deepStrictEqual(
      {
        both: sides.both.map(([{ title }]) => title),
        onlyLog: sides.onlyLog.map(({ title, numbers }) => [title, numbers]),
        undone: undone.map(([{ title }]) => title),
        level: proposal.level,
      },
      {
        both: ["fix: count late votes (#2)"],
        onlyLog: [["feat: a faucet", [6]]],
        undone: ["feat!: layers are numbers (#4)"],
        level: "minor",
      },
    );
  });

  it("works with commits that are not pushed yet", async () => {
    node.commit("feat: a faucet (#3)");
    deepStrictEqual(choiceOf(await node.prepare()).version, { major: 1, minor: 5, patch: 0 });
  });

  it("releases a smaller version than a break asks for only with force, and keeps the reason", async () => {
    node.commit("feat(api)!: layers are numbers (#3)");
    await node.prepare({ level: "minor", isForced: true, reason: "Nobody uses the API yet" });
    strictEqual(node.git("log", "-1", "--format=%B"), "Releasing v1.5.0\n\nBump-Reason: Nobody uses the API yet");
    strictEqual(node.git("log", "-1", "--format=%(trailers:key=Bump-Reason,valueonly)"), "Nobody uses the API yet");
  });

  it("takes a commit of the changelog alone for no change", async () => {
    const onlyLog = async () => {
      const prepared = await node.prepare({}, { isDry: true });
      ok(prepared.state === "planned");
      return prepared.plan.sides.onlyLog.map(({ title }) => title);
    };
    const before = await onlyLog();
    node.write("CHANGELOG.md", `${node.read("CHANGELOG.md")}\n`);
    node.commit("Changelog: polished");
    deepStrictEqual(await onlyLog(), before);
  });

  it("says what to do next in its last line", async () => {
    const { exitCode, stdout } = await node.run(["--yes"]);
    strictEqual(exitCode, 0);
    match(
      stdout,
      /^committed Releasing v1\.4\.3 on develop: [0-9a-f]{12}\nnext: .*v1\.4\.3\+1 with `smeshnet tag build`\n$/m,
    );
  });

  it("is safe to run again: the commit stays the only one", async () => {
    await node.prepare({ level: "patch" });
    const before = node.state();
    for (const wish of [{}, { level: "patch" as const }, { version: { major: 1, minor: 4, patch: 3 } }]) {
      const again = await node.prepare(wish);
      deepStrictEqual([again.state, node.state()], ["prepared", before]);
    }
  });

  it("reads paragraphs of a changelog like its lists, where no commit follows the convention", async () => {
    const text = UNRELEASED.replace("### Fixed", "### Upgrade information\n\nOld nodes leave, see #3.\n\n### Fixed");
    node.git("reset", "--quiet", "--hard", "v1.4.2");
    node.git("push", "--quiet", "--force", "origin", "develop");
    node.write("CHANGELOG.md", text);
    node.commit("p2p: a new handshake (#3)");
    const prepared = await node.prepare();
    ok(prepared.state === "committed");
    deepStrictEqual(
      [subject(), prepared.plan.proposal.source, prepared.plan.sides.onlyLog.length],
      ["Releasing v2.0.0", "changelog", 0],
    );
  });

  it("begins with 0.1.0 where there is no version yet", async () => {
    node.git("tag", "--delete", "v1.4.2");
    node.git("push", "--quiet", "origin", ":v1.4.2");
    node.write("CHANGELOG.md", UNRELEASED);
    await node.prepare();
    strictEqual(subject(), "Releasing v0.1.0");
  });

  it("counts a version that has builds and no release yet", async () => {
    node.git("tag", "v1.5.0+1");
    node.git("tag", "v1.5.0+2");
    node.commit("fix: more late votes (#3)");
    const prepared = await node.prepare();
    ok(prepared.state === "committed");
    deepStrictEqual(prepared.plan.last, {
      version: { major: 1, minor: 5, patch: 0 },
      tag: "v1.5.0+2",
      also: ["v1.5.0+1"],
    });
    strictEqual(subject(), "Releasing v1.5.1");
  });

  describe("in a dry run", () => {
    it("prints git's diff and changes nothing, not even an object", async () => {
      const before = node.state();
      const objects = node.git("count-objects", "-v");
      const { exitCode, stdout } = await node.run(["--dry-run"]);
      strictEqual(exitCode, 0);
      match(stdout, /^diff --git a\/CHANGELOG\.md b\/CHANGELOG\.md\n[\s\S]*\n\+## \[1\.4\.3\] - \d{4}-\d\d-\d\d\n/m);
      match(stdout, /^dry run: nothing was changed.*v1\.4\.3/m);
      deepStrictEqual([node.state(), node.git("count-objects", "-v")], [before, objects]);
    });

    it("needs no remote, and says what it did not compare", async () => {
      node.git("remote", "remove", "origin");
      const { exitCode, stderr } = await node.run(["--dry-run"]);
      deepStrictEqual([exitCode, stderr], [0, "no remote: branch and tags are not compared\n"]);
    });
  });

  it("prints the plan, the choice and the commit as JSON", async () => {
    const { stdout } = await node.run(["--yes", "--json"]);
    const document: unknown = JSON.parse(stdout);
    const { commit, state, choice } = document as Record<string, unknown>;
    deepStrictEqual(
      [commit, state, choice],
      [node.git("rev-parse", "HEAD"), "committed", { version: { major: 1, minor: 4, patch: 3 }, level: "patch" }],
    );
  });

  it("signs the commit when git is set to sign", async () => {
    const key = join(node.root, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "sam@example.org", "-f", key]);
    const [type, blob] = readFileSync(`${key}.pub`, "utf8").split(" ");
    writeFileSync(join(node.root, "signers"), `sam@example.org ${type} ${blob}\n`);
    node.git("config", "gpg.format", "ssh");
    node.git("config", "user.signingKey", key);
    node.git("config", "gpg.ssh.allowedSignersFile", join(node.root, "signers"));
    node.git("config", "commit.gpgSign", "yes");
    await node.prepare();
    strictEqual(node.git("log", "-1", "--format=%G? %GS"), "G sam@example.org");
  });

  it("runs the hooks of a commit on the changelog to be committed", async () => {
    const hook = (name: string, script: string) => {
      node.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(join(node.folder, ".git/hooks", name), 0o755);
    };
    hook("pre-commit", "git diff --cached --name-only > ../staged; git show :CHANGELOG.md | grep -q '1.4.3'");
    hook("prepare-commit-msg", 'test "$2" = message && echo "Ticket: 7" >> "$1"');
    hook("commit-msg", 'grep -q "Ticket: 7" "$1"');
    await node.prepare();
    strictEqual(node.git("log", "-1", "--format=%B"), "Releasing v1.4.3\nTicket: 7");
    strictEqual(readFileSync(join(node.root, "staged"), "utf8"), "CHANGELOG.md\n");
  });
});
