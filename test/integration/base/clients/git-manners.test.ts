import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tagContent, tagMessage } from "../../../../infra/base/clients/git";
import { withScratch } from "../../../../infra/base/clients/git-scratch";
import { moveBranch } from "../../../../infra/deploy/branch";
import { commitsBetween } from "../../../../infra/recap/commits";
import { commitHere } from "../../../../infra/review/preview/commit";
import { gitEnvironment } from "../../../support/git-environment";

const TAG = "v1.2.3+1";

/** A machine whose git is set up for one person's way of working, and a hook's variables on top. */
describe("git on a machine with settings and hooks of its own", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "smeshnet-git-manners-"));
  const remote = join(folder, "remote.git");
  const repository = `file://${remote}`;
  const clean = gitEnvironment("A", "a@example.org");
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: remote, env: clean, encoding: "utf8", stdio: "pipe" }).trim();
  const given = { ...process.env };
  let [first, second] = ["", ""];

  before(() => {
    mkdirSync(remote);
    git("init", "--quiet", "--bare", "--initial-branch=develop");
    git("config", "uploadpack.allowFilter", "true");
    git("config", "uploadpack.allowAnySHA1InWant", "true");
    const blob = execFileSync("git", ["hash-object", "-w", "--stdin"], {
      cwd: remote,
      env: clean,
      input: "# é\r\n- a\r\n",
    });
    const tree = execFileSync("git", ["mktree"], {
      cwd: remote,
      env: clean,
      input: `100644 blob ${blob.toString().trim()}\tCHANGELOG.md\n`,
    });
    // A commit as an old git made it: today's would not, and `transfer.fsckObjects` refuses it.
    const raw = `tree ${tree.toString().trim()}\nauthor A <a@example.org> 1 -\ncommitter A <a@example.org> 1 +0000\n\nfirst\n`;
    const write = ["hash-object", "-w", "-t", "commit", "--literally", "--stdin"];
    first = execFileSync("git", write, { cwd: remote, env: clean, input: raw }).toString().trim();
    second = git("commit-tree", `${first}^{tree}`, "-p", first, "-m", "second");
    git("update-ref", "refs/heads/develop", second);
    git("tag", "-a", "-m", "Release\n\nReason: é", TAG, second);

    const hooks = join(folder, "hooks");
    mkdirSync(hooks);
    for (const name of ["pre-push", "post-index-change", "post-checkout", "reference-transaction"]) {
      // On the remote's side the hooks of its own machine would run; there they let everything pass.
      const script = `#!/bin/sh\ncase "$(git rev-parse --absolute-git-dir)" in ${remote}) exit 0;; esac\necho ${name} >> ${folder}/hooks-run\nexit 1\n`;
      writeFileSync(join(hooks, name), script);
      chmodSync(join(hooks, name), 0o755);
    }
    mkdirSync(join(folder, "template"));
    writeFileSync(join(folder, "template/config"), "[core]\n\tbare = false\n\tworktree = /nowhere\n");
    const global = join(folder, "gitconfig");
    const set = (key: string, value: string) => execFileSync("git", ["config", "--file", global, key, value]);
    for (const [key, value] of [
      ["core.hooksPath", hooks],
      ["init.templateDir", join(folder, "template")],
      ["init.defaultObjectFormat", "sha256"],
      ["safe.bareRepository", "explicit"],
      ["commit.gpgSign", "true"],
      ["tag.gpgSign", "true"],
      ["gpg.program", "/bin/false"],
      ["push.gpgSign", "true"],
      ["push.followTags", "true"],
      ["push.pushOption", "ci.skip"],
      ["core.autocrlf", "true"],
      ["core.fsmonitor", "/bin/false"],
      ["fetch.prune", "true"],
      ["fetch.recurseSubmodules", "true"],
      ["transfer.fsckObjects", "true"],
      ["remote.origin.fetch", "+refs/pull/*:refs/pull/*"],
      ["i18n.commitEncoding", "ISO-8859-1"],
      ["log.showSignature", "true"],
      ["diff.noprefix", "true"],
      ["color.ui", "always"],
      // What a person needs to reach a repository.
      ["url.file://.insteadOf", "https://git.example.org"],
    ] as const)
      set(key, value);
    Object.assign(process.env, {
      GIT_CONFIG_GLOBAL: global,
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_DIR: join(folder, "another.git"),
      GIT_INDEX_FILE: join(folder, "another-index"),
      GIT_WORK_TREE: "/nowhere",
      GIT_PREFIX: "sub/",
      GIT_TEMPLATE_DIR: join(folder, "template"),
    });
  });
  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in given)) delete process.env[name];
    Object.assign(process.env, given);
    rmSync(folder, { recursive: true });
  });
  afterEach(() => strictEqual(existsSync(join(folder, "hooks-run")), false, "a hook of the machine ran"));

  it("reads a tag's message and a file as they are", async () => {
    deepStrictEqual(await tagContent(repository, TAG, "CHANGELOG.md"), {
      message: "Release\n\nReason: é\n",
      file: "# é\r\n- a\r\n",
    });
    strictEqual((await tagMessage(repository, TAG)).message, "Release\n\nReason: é\n");
    strictEqual("file" in (await tagContent(repository, TAG, "none")), false);
  });

  it("moves a branch to a tag's commit, and pushes nothing else", async () => {
    const refs = git("for-each-ref", "--format=%(refname)");
    deepStrictEqual(await moveBranch(repository, "devnext", { tag: TAG }), {
      branch: "devnext",
      commit: second,
      previous: undefined,
    });
    strictEqual(git("rev-parse", "refs/heads/devnext"), second);
    strictEqual(
      git("for-each-ref", "--format=%(refname)"),
      refs.replace("refs/heads/develop", "refs/heads/develop\nrefs/heads/devnext"),
    );
  });

  it("reaches a repository by the other address that a person set for it", async () => {
    const { commit } = await moveBranch(`https://git.example.org${remote}`, "devnext", { tag: TAG });
    strictEqual(commit, second);
  });

  it("commits and pushes in a scratch of its own", async () => {
    const pushed = await withScratch(repository, async (scratch) => {
      const { commit: parent, previous } = await scratch.start("blog");
      const commit = await scratch.commit({ "posts/é.md": "é\r\n" }, "Recap: é", parent);
      ok(commit);
      match(await scratch.patch(commit), /^diff --git "?a\/posts/m);
      strictEqual(await scratch.read(commit, "CHANGELOG.md"), "# é\r\n- a\r\n");
      strictEqual((await scratch.push("blog", commit, previous)).exitCode, 0);
      return commit;
    });
    strictEqual(git("rev-parse", "refs/heads/blog"), pushed);
    strictEqual(git("show", "refs/heads/blog:posts/é.md"), "é");
    match(git("cat-file", "commit", pushed), /\n\nRecap: é$/);
    strictEqual(git("cat-file", "commit", pushed).includes("encoding"), false);
  });

  it("lists the commits between two builds", async () => {
    const range = await commitsBetween(repository, { tag: "v1.2.3+0", commit: first }, second);
    deepStrictEqual([range.missing, range.commits], [undefined, [{ hash: second, subject: "second" }]]);
  });

  it("tells the commit of this checkout, and not of the repository whose hook runs", async () => {
    const checkout = join(folder, "checkout");
    execFileSync("git", ["clone", "--quiet", remote, checkout], { env: clean });
    strictEqual(await commitHere({ signal: new AbortController().signal }, checkout), second);
  });
});
