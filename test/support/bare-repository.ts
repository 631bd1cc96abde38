import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitEnvironment } from "./git-environment";

const ENVIRONMENT = gitEnvironment("Ada", "ada@example.org");

/** A real bare repository with a branch `main`, in which people commit files. */
export class BareRepository {
  private readonly folder = mkdtempSync(join(tmpdir(), "repository-"));
  readonly url = `file://${this.folder}`;

  constructor() {
    this.git("init", "--quiet", "--bare", "--initial-branch=main");
    this.git("config", "uploadpack.allowFilter", "true");
  }

  git(...args: string[]): string {
    return this.run(args).trim();
  }

  /** A person's commit of a file on a branch. */
  commit(branch: string, path: string, text: string): string {
    const index = { GIT_INDEX_FILE: join(this.folder, "person") };
    const has = this.branches().includes(branch);
    this.run(["read-tree", has ? branch : "--empty"], "", index);
    const blob = this.run(["hash-object", "-w", "--stdin"], text).trim();
    this.run(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], "", index);
    const tree = this.run(["write-tree"], "", index).trim();
    const commit = this.git("commit-tree", tree, "-m", `Edit ${path}`, ...(has ? ["-p", branch] : []));
    this.git("update-ref", `refs/heads/${branch}`, commit);
    return commit;
  }

  branches(): string[] {
    return this.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split("\n").filter(Boolean);
  }

  files(branch: string): string[] {
    return this.git("ls-tree", "-r", "--name-only", branch).split("\n");
  }

  text(branch: string, path: string): string {
    return this.run(["cat-file", "blob", `${branch}:${path}`]);
  }

  /** Runs a shell script before the repository takes a push; it is given the branch's ref. */
  onPush(script: string): void {
    const hook = join(this.folder, "hooks/update");
    writeFileSync(hook, `#!/bin/sh\nunset GIT_QUARANTINE_PATH\n${script}\n`);
    chmodSync(hook, 0o755);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(args: readonly string[], input = "", more: Readonly<Record<string, string>> = {}): string {
    const env = { ...ENVIRONMENT, ...more };
    return execFileSync("git", args, { cwd: this.folder, env, encoding: "utf8", stdio: "pipe", input });
  }
}
