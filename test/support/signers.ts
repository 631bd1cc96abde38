import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PLAIN_GIT } from "./tagged-node";

/** Whether a program is there. gpg may be missing on a machine. */
export function hasProgram(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

/** A node repository, bare with a checkout, and people who sign tags in it. */
export class SigningNode {
  readonly root = mkdtempSync(join(tmpdir(), "signing-"));
  readonly bare = join(this.root, "node.git");
  readonly work = join(this.root, "node");
  /** Key ring of the people who sign with OpenPGP. */
  readonly ring = join(this.root, "ring");

  constructor() {
    for (const folder of [this.work, this.ring]) mkdirSync(folder, { mode: 0o700 });
    this.git("init", "--quiet", "--bare", "--initial-branch", "develop", this.bare);
    this.git("init", "--quiet", "--initial-branch", "develop");
    this.git("remote", "add", "origin", this.bare);
    writeFileSync(join(this.work, "CHANGELOG.md"), "# Changelog\n\n## 1.2.3 - 2026-11-24\n\n- one\n");
    this.git("add", ".");
    this.git("commit", "--quiet", "-m", "Releasing v1.2.3");
    this.git("push", "--quiet", "origin", "develop");
  }

  git(...args: string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(variables: Readonly<Record<string, string>>, ...args: string[]): string {
    const env = { ...process.env, ...PLAIN_GIT, GNUPGHOME: this.ring, ...variables };
    return execFileSync("git", args, { cwd: this.work, env, encoding: "utf8", stdio: "pipe" }).trim();
  }

  /** Makes a person's SSH key. @returns the public key, as a line of allowed signers has it */
  sshKey(name: string): string {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(this.root, name)]);
    return readFileSync(join(this.root, `${name}.pub`), "utf8")
      .split(" ")
      .slice(0, 2)
      .join(" ");
  }

  /** Makes a person's OpenPGP key. @param expires as gpg takes it: `1d`, `seconds=1` @returns the armored public key */
  openpgpKey(name: string, expires = "0"): string {
    const gpg = (...args: string[]) =>
      execFileSync("gpg", ["--homedir", this.ring, "--batch", "--quiet", "--passphrase", "", ...args], {
        encoding: "utf8",
        stdio: "pipe",
      });
    gpg("--faked-system-time", "20260101T000000!", "--quick-generate-key", name, "ed25519", "sign", expires);
    return gpg("--export", "--armor", name);
  }

  /** Options of git that sign with a person's key. */
  signing(name: string): string[] {
    return ["-c", "gpg.format=ssh", "-c", `user.signingKey=${join(this.root, name)}`];
  }

  /** The object of a tag. */
  object(tag: string): string {
    return this.git("rev-parse", "--verify", `refs/tags/${tag}`);
  }

  /** Writes a tag object by hand, and points a tag to it. @returns its hash */
  made(tag: string, text: string): string {
    const file = join(this.root, "object");
    writeFileSync(file, text);
    const object = this.git("hash-object", "-t", "tag", "-w", "--literally", file);
    this.git("update-ref", `refs/tags/${tag}`, object);
    return object;
  }

  remove(): void {
    if (hasProgram("gpgconf")) execFileSync("gpgconf", ["--homedir", this.ring, "--kill", "all"], { stdio: "pipe" });
    rmSync(this.root, { recursive: true });
  }
}
