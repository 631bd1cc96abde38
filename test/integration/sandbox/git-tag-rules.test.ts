import { match, ok, strictEqual } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeHistory } from "../../../sandbox/git/node-history";
import { makeRepository } from "../../../sandbox/git/repository";
import { places } from "../../../sandbox/home";
import { PLAIN_GIT } from "../../support/tagged-node";

describe("a push to the sandbox's node repository", function () {
  this.timeout(60_000);
  const home = mkdtempSync(join(tmpdir(), "tag-rules-"));
  const { repository } = places(home);
  const started = join(home, "started");
  let clone = "";

  before(() => {
    makeRepository(repository);
    writeFileSync(join(repository, "hooks", "post-receive"), `#!/bin/sh\ncat > "${started}"\n`, { mode: 0o755 });
    clone = makeHistory(home);
    git("config", "user.name", "Sam");
    git("config", "user.email", "sam@example.org");
  });
  beforeEach(() => rmSync(started, { force: true }));
  after(() => rmSync(home, { recursive: true }));

  const run = (...args: string[]) =>
    spawnSync("git", args, { cwd: clone, env: { ...process.env, ...PLAIN_GIT }, encoding: "utf8" });

  function git(...args: string[]): string {
    const { status, stdout, stderr } = run(...args);
    strictEqual(status, 0, stderr);
    return stdout.trim();
  }

  const refs = () => git("ls-remote", "origin");
  const named = (version: string) => git("log", "-1", "--format=%H", `--grep=^Releasing ${version}$`, "develop");

  function accepted(...what: string[]): void {
    const { status, stderr } = run("push", "origin", ...what);
    strictEqual(status, 0, stderr);
    ok(existsSync(started), "CI starts");
  }

  /** The push fails with one line, no ref changes, and CI starts nothing. */
  function refused(words: RegExp, ...what: string[]): void {
    const before = refs();
    const { status, stderr } = run("push", "origin", ...what);
    strictEqual(status, 1, stderr);
    const told = stderr.split("\n").filter((line) => line.startsWith("remote: "));
    strictEqual(told.length, 1, stderr);
    match(told[0] as string, words);
    strictEqual(refs(), before);
    ok(!existsSync(started), "CI starts nothing");
  }

  it("is refused for a tag of another form, whatever comes with it", () => {
    git("tag", "1.2.2+1", named("v1.2.2"));
    git("tag", "v1.2.2-rc.1", named("v1.2.2"));
    git("tag", "v1.2.2+1", named("v1.2.2"));
    refused(/error\[TagRefused\]: "1\.2\.2\+1" lacks the v in front\. Write v1\.2\.2\+1\./, "1.2.2+1", "v1.2.2+1");
    refused(/has a pre-release/, "v1.2.2-rc.1");
  });

  it("is accepted for a lightweight first build, and for two builds in one push", () => {
    accepted("v1.2.2+1");
    for (const build of ["v1.2.3+1", "v1.2.3+2"]) git("tag", build, named("v1.2.3"));
    accepted("v1.2.3+2", "v1.2.3+1");
  });

  it("is refused for a gap, an older version, changed code and a commit of no branch", () => {
    git("tag", "v1.2.3+4", named("v1.2.3"));
    git("tag", "v1.2.2+2", named("v1.2.2"));
    git("tag", "v1.2.4+1", git("commit-tree", "-p", "develop", "-m", "elsewhere", "develop^{tree}"));
    refused(/there is no v1\.2\.3\+3/, "v1.2.3+4");
    refused(/below the last version, v1\.2\.3\+2/, "v1.2.2+2");
    refused(/not on the release branch develop/, "v1.2.4+1");
  });

  it("judges a commit and a branch that come with the tag", () => {
    writeFileSync(join(clone, "hare.go"), "package hare // fixed\n");
    git("add", "hare.go");
    git("commit", "--quiet", "-m", "fix: hare");
    git("tag", "--force", "v1.2.4+1", "develop");
    refused(/Code changed since "Releasing v1\.2\.4" \("hare\.go"\), before the first build/, "develop", "v1.2.4+1");
    git("tag", "--force", "v1.2.4+1", named("v1.2.4"));
    git("tag", "-a", "-m", "A fix\n\nSupersedes: v1.2.4+1 hare forgets votes", "v1.2.4+2", "develop");
    refused(/not on the release branch develop/, "v1.2.4+1", "v1.2.4+2");
    accepted("develop", "v1.2.4+2", "v1.2.4+1");
  });

  it("is refused for a later build that holds a fix and does not say what failed", () => {
    git("tag", "v1.2.4+3", "develop");
    refused(/v1\.2\.4\+3 does not say that v1\.2\.4\+2 failed/, "v1.2.4+3");
  });

  it("is refused for a release that is lightweight or on no build, and accepted on the commit of a build", () => {
    git("tag", "v1.2.4", named("v1.2.4"));
    refused(/v1\.2\.4 is a lightweight tag/, "v1.2.4");
    git("tag", "--force", "-a", "-m", "Release", "v1.2.4", "develop~2");
    refused(/no build of it \(v1\.2\.4\+1 is on/, "v1.2.4");
    git("tag", "--force", "-a", "-m", "Release", "v1.2.4", "v1.2.4+2^{commit}");
    accepted("v1.2.4");
  });

  it("may annotate a build on its commit", () => {
    git("tag", "-a", "-m", "Annotated", "--force", "v1.2.3+2", "v1.2.3+1");
    accepted("--force", "v1.2.3+2");
  });

  it("is refused for a version tag that moves or goes", () => {
    git("tag", "-a", "-m", "Moved", "--force", "v1.2.3+2", named("v1.2.4"));
    refused(/v1\.2\.3\+2 is pushed on \w+, and would move/, "--force", "v1.2.3+2");
    refused(/v1\.2\.3\+2 is pushed on \w+, and would be deleted/, "--delete", "v1.2.3+2");
  });

  it("brings a version tag only with the signature of an allowed signer, when the setting names some", () => {
    const key = join(home, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    process.env.SMESHNET_ALLOWED_SIGNERS = `sam@example.org ${readFileSync(`${key}.pub`, "utf8")}`;
    try {
      git("tag", "--force", "--annotate", "-m", "Other words", "v1.2.3+2", "v1.2.3+1");
      refused(/v1\.2\.3\+2 is not signed/, "--force", "v1.2.3+2");
      const signing = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key}`];
      git(...signing, "tag", "--force", "--sign", "-m", "Build", "v1.2.3+2", "v1.2.3+1");
      accepted("--force", "v1.2.3+2");
    } finally {
      delete process.env.SMESHNET_ALLOWED_SIGNERS;
    }
  });

  it("is free for all other tags", () => {
    git("tag", "nightly-2026", "develop");
    accepted("nightly-2026");
    accepted("--delete", "nightly-2026");
  });
});
