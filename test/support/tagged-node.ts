import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Variables of a git that reads no settings of the machine. */
export const PLAIN_GIT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Sam",
  GIT_AUTHOR_EMAIL: "sam@example.org",
  GIT_COMMITTER_NAME: "Sam",
  GIT_COMMITTER_EMAIL: "sam@example.org",
};

/** A node repository whose tags stand where none should, bare and as a clone, with a shallow clone beside them. */
export class TaggedNode {
  readonly root = mkdtempSync(join(tmpdir(), "tagged-node-"));
  readonly bare = join(this.root, "node.git");
  readonly work = join(this.root, "node");
  readonly shallow = join(this.root, "shallow");

  constructor() {
    mkdirSync(this.work);
    this.git("init", "--quiet", "--bare", "--initial-branch", "develop", this.bare);
    this.git("init", "--quiet", "--initial-branch", "develop");
    this.git("remote", "add", "origin", this.bare);
    this.commit("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- one\n", "start");
    this.release("v1.2.3");
    this.git("tag", "v1.2.3+1");
    this.commit("code.go", "package a\n", "mesh: a change after the release commit");
    this.git("tag", "v1.2.3+2");
    this.git("checkout", "--quiet", "-b", "fork", "v1.2.3+1");
    this.commit("code.go", "package b\n", "a fix that never came to develop");
    this.git("tag", "v1.2.3+4");
    this.git("checkout", "--quiet", "develop");
    this.git("merge", "--quiet", "--no-edit", "-X", "ours", "fork");
    this.git("tag", "-a", "-m", "below the last", "v1.2.2+9");
    this.git("tag", "v1.3.0+1");
    this.git("tag", "v1.2.3+10", "v1.2.3+1");
    this.git("checkout", "--quiet", "--orphan", "nowhere");
    this.git("rm", "-rfq", ".");
    this.commit("x", "x", "another root");
    this.git("tag", "v1.2.4+1");
    this.git("checkout", "--quiet", "develop");
    this.git("push", "--quiet", "origin", "develop", "--tags");
    this.git("clone", "--quiet", "--depth", "1", `file://${this.bare}`, this.shallow);
  }

  /** Names a version as `prepare` does. */
  release(version: string): string {
    const text = `# Changelog\n\n## Unreleased\n\n## ${version.slice(1)} - 2026-11-24\n\n- one\n`;
    writeFileSync(join(this.work, "CHANGELOG.md"), text);
    this.git("commit", "--quiet", "--all", "-m", `Releasing ${version}`);
    return this.git("rev-parse", "HEAD");
  }

  commit(file: string, text: string, subject: string): string {
    appendFileSync(join(this.work, file), text);
    this.git("add", file);
    this.git("commit", "--quiet", "-m", subject);
    return this.git("rev-parse", "HEAD");
  }

  git(...args: string[]): string {
    return this.at(this.work, ...args);
  }

  at(folder: string, ...args: string[]): string {
    const env = { ...process.env, ...PLAIN_GIT };
    return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" }).trim();
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
