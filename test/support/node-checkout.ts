import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runWith } from "../../infra/base/lib/run";
import type { Wish } from "../../infra/prepare/bump";
import { type Person, type Prepared, prepare, type Request } from "../../infra/prepare/run";
import { CHECKOUT } from "./checkout";

/** The time of a run, in UTC. At UTC+1 the next day has begun. */
export const NOW = Date.parse("2026-11-29T23:30:00Z");

export const UNRELEASED = "# Changelog\n\n## Unreleased\n\n### Fixed\n- Late votes count (#2).\n";
const OLDER = "\n## [1.4.2] - 2026-01-02\n\n### Added\n- Older.\n";

/** A person who takes what flags say. */
const SILENT: Person = { sees: () => undefined, chooses: async (_, wish) => wish, agrees: async () => undefined };

/** A checkout of a node repository with its remote, both real, in a temporary folder. */
export class NodeCheckout {
  readonly root = mkdtempSync(join(tmpdir(), "node-checkout-"));
  readonly folder = join(this.root, "node");
  readonly remote = join(this.root, "node.git");
  /** Holds the process id of the command that runs. */
  readonly pidFile = join(this.root, "pid");

  /** v1.4.2 is released, and one fix is committed since. */
  constructor() {
    mkdirSync(this.remote);
    this.at(this.remote, "init", "--quiet", "--bare", "--initial-branch", "develop");
    this.at(this.root, "clone", "--quiet", this.remote, this.folder);
    for (const [key, value] of Object.entries({
      "user.name": "Sam",
      "user.email": "sam@example.org",
      "commit.gpgSign": "false",
    }))
      this.git("config", key, value);
    this.git("checkout", "--quiet", "-b", "develop");
    this.write("CHANGELOG.md", `# Changelog\n\n## Unreleased\n${OLDER}`);
    this.commit("Releasing v1.4.2");
    this.git("tag", "-a", "-m", "Release", "v1.4.2");
    this.write("CHANGELOG.md", UNRELEASED + OLDER);
    this.write("node.go", "package node\n");
    this.commit("fix: count late votes (#2)");
    this.git("push", "--quiet", "origin", "develop", "v1.4.2");
  }

  git(...args: string[]): string {
    return this.at(this.folder, ...args);
  }

  at(folder: string, ...args: string[]): string {
    return execFileSync("git", args, { cwd: folder, env: this.environment(), encoding: "utf8", stdio: "pipe" }).trim();
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), content);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Commits all files of the tree. @param body the message below the subject */
  commit(subject: string, body = ""): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "-m", subject, "-m", body);
    return this.git("rev-parse", "HEAD");
  }

  /** A commit that somebody else pushes to the remote, from another clone. @returns its full name */
  pushed(branch = "develop", tag?: string): string {
    const other = mkdtempSync(join(this.root, "other-"));
    this.at(this.root, "clone", "--quiet", this.remote, other);
    const who = ["-c", "user.name=Pat", "-c", "user.email=pat@example.org"];
    this.at(other, ...who, "commit", "--quiet", "--allow-empty", "-m", "of somebody else");
    if (tag) this.at(other, "tag", tag);
    this.at(other, "push", "--quiet", "origin", ...(tag ? [tag] : [`HEAD:refs/heads/${branch}`]));
    return this.at(other, "rev-parse", "HEAD");
  }

  /** Prepares a release within this process. */
  prepare(wish: Partial<Wish> = {}, more: Partial<Request> = {}, person: Partial<Person> = {}): Promise<Prepared> {
    const request = { folder: this.folder, wish: { isForced: false, ...wish }, isDry: false, ...more };
    const clock = { now: () => NOW, sleep: () => Promise.reject(new Error("prepare waits for nothing")) };
    return prepare(request, { ...SILENT, ...person }, runWith({ clock }));
  }

  /** Runs the command as people do. */
  run(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    return this.smeshnet(["prepare", ...args], more);
  }

  /** Runs any command as people do, in the checkout. */
  async smeshnet(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [join(CHECKOUT, "scripts/smeshnet.cjs"), ...args], {
      cwd: this.folder,
      env: { ...this.environment(), ...more },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a group of its own, so that a kill of the group reaches no test
    });
    writeFileSync(this.pidFile, String(child.pid));
    const [stdout, stderr, [exitCode, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode, signal, stdout, stderr };
  }

  /** Everything that a run could change: refs, index, tree and what git says of them, here and at the remote. */
  state() {
    return {
      head: this.git("symbolic-ref", "HEAD"),
      refs: this.git("for-each-ref"),
      index: this.git("ls-files", "--stage"),
      status: this.git("status", "--porcelain"),
      changelog: this.read("CHANGELOG.md"),
      remote: this.at(this.remote, "for-each-ref"),
    };
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      HOME: this.root,
      TMPDIR: this.root,
    };
  }
}
