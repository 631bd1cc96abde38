import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places, SandboxError } from "../home";

/** The story of a node: what changed, and in which release. The dates are fixed, so that commits are the same each time. */
const HISTORY: readonly { readonly subject: string; readonly file: string; readonly text: string }[] = [
  { subject: "hare: count votes of late smeshers", file: "hare/votes.go", text: "package hare\n" },
  { subject: "mesh: verify layers in order", file: "mesh/verify.go", text: "package mesh\n" },
  { subject: "api: report the verified layer", file: "api/status.go", text: "package api\n" },
];

const CHANGELOG = `# Changelog

## 1.2.3 - 2026-11-24

### Fixed
- Votes of smeshers that are late by less than a layer count.
- Layers are verified in order, also after a restart.

### Added
- The API reports the verified layer.
`;

/** A clone of the node repository with a short history that ends in "Releasing v1.2.3". Safe to run twice. */
export function makeHistory(home: string): string {
  const clone = join(home, "git", "go-spacemesh");
  if (existsSync(join(clone, ".git"))) return clone;
  mkdirSync(clone, { recursive: true });
  git(clone, "init", "--quiet", "--initial-branch=develop");
  git(clone, "remote", "add", "origin", places(home).repository);
  HISTORY.forEach(({ subject, file, text }, day) => {
    commit(clone, file, text, subject, day);
  });
  commit(clone, "CHANGELOG.md", CHANGELOG, "Releasing v1.2.3", HISTORY.length);
  git(clone, "push", "--quiet", "origin", "develop");
  return clone;
}

/** Tags the newest commit and pushes all tags, as a release manager does. Returns what git says. */
export function pushBuildTag(clone: string, ...tags: string[]): string[] {
  for (const tag of tags) git(clone, "tag", "--force", tag);
  const { status, stderr } = spawnSync("git", ["-C", clone, "push", "--tags", "origin"], { encoding: "utf8" });
  if (status !== 0) throw new SandboxError(`git push --tags failed: ${stderr.trim()}`);
  return stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(remote:|\*|\+)/.test(line));
}

/** Pushes a tag of the newest commit without starting its deployment, for those who run that themselves. */
export function pushQuietly(clone: string, tag: string): void {
  git(clone, "tag", tag);
  git(clone, "push", "--quiet", "--receive-pack=git -c core.hooksPath=/dev/null receive-pack", "origin", tag);
}

function commit(clone: string, file: string, text: string, subject: string, day: number): void {
  mkdirSync(join(clone, file, ".."), { recursive: true });
  writeFileSync(join(clone, file), text);
  git(clone, "add", file);
  const date = `2026-11-${20 + day}T12:00:00Z`;
  const author = ["-c", "user.name=Release Manager", "-c", "user.email=release@example.org"];
  execFileSync("git", ["-C", clone, ...author, "commit", "--quiet", "-m", subject, "--date", date], {
    env: { ...process.env, GIT_COMMITTER_DATE: date },
  });
}

const git = (clone: string, ...args: string[]): Buffer => execFileSync("git", ["-C", clone, ...args]);
