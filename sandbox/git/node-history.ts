import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { places, SandboxError } from "../home";

interface Change {
  readonly subject: string;
  readonly file: string;
  readonly text: string;
}

const OLDER = `## 1.2.2 - 2026-11-10

### Fixed
- Hare counts the votes of late smeshers.
`;

const NEWER = `## 1.2.3 - 2026-11-24

### Fixed
- Votes of smeshers that are late by less than a layer count.
- Layers are verified in order, also after a restart.

### Added
- The API reports the verified layer.

`;

const NEWEST = `## 1.2.4 - 2026-11-25

### Changed
- Poets are asked less often.

`;

const releasing = (release: string, sections: string): Change => ({
  subject: `Releasing ${release}`,
  file: "CHANGELOG.md",
  text: `# Changelog\n\n${sections}`,
});

/** The commits of the node repository. Fixed dates make the commit ids the same each time. */
const HISTORY: readonly Change[] = [
  { subject: "hare: count votes of late smeshers", file: "hare/votes.go", text: "package hare\n" },
  releasing("v1.2.2", OLDER),
  { subject: "mesh: verify layers in order", file: "mesh/verify.go", text: "package mesh\n" },
  { subject: "api: report the verified layer", file: "api/status.go", text: "package api\n" },
  releasing("v1.2.3", NEWER + OLDER),
  { subject: "activation: ask poets less often", file: "activation/poet.go", text: "package activation\n" },
  releasing("v1.2.4", NEWEST + NEWER + OLDER),
];

const OPEN = `## Unreleased

### Fixed
- Hare counts votes that are late by less than a layer.
- Layers are verified in order, also after a restart.

`;

/** The same up to the day before v1.2.3 is prepared. */
const UNRELEASED: readonly Change[] = [
  ...HISTORY.slice(0, 3),
  { subject: "hare: count votes that are late by less than a layer", file: "hare/late.go", text: "package hare\n" },
  { subject: "Changelog: what is fixed", file: "CHANGELOG.md", text: `# Changelog\n\n${OPEN}${OLDER}` },
];

/**
 * Creates a clone of the node repository with a short history of three releases, v1.2.2 to v1.2.4. Safe to run twice.
 */
export const makeHistory = (home: string): string => makeClone(home, HISTORY);

/** Creates one in which v1.2.2 is released, and v1.2.3 is still to be prepared. Safe to run twice. */
export function makeUnreleased(home: string): string {
  const clone = makeClone(home, UNRELEASED);
  const released = git(clone, "tag", "--list", "v1.2.2").length > 0;
  if (!released) pushQuietly(clone, "v1.2.2", "Release v1.2.2");
  return clone;
}

function makeClone(home: string, history: readonly Change[]): string {
  const clone = join(home, "git", "go-spacemesh");
  if (existsSync(join(clone, ".git"))) return clone;
  mkdirSync(clone, { recursive: true });
  git(clone, "init", "--quiet", "--initial-branch=develop");
  git(clone, "remote", "add", "origin", places(home).repository);
  git(clone, "config", "user.name", "Release Manager");
  git(clone, "config", "user.email", "release@example.org");
  history.forEach(({ subject, file, text }, day) => {
    commit(clone, file, text, subject, day);
  });
  git(clone, "push", "--quiet", "origin", "develop");
  return clone;
}

/** Pushes build tags as a release manager does. Each tag points to the commit of its release. Returns git's output. */
export function pushBuildTag(clone: string, ...tags: string[]): string[] {
  for (const tag of tags) git(clone, "tag", "--force", tag, commitFor(clone, tag));
  return pushTags(clone);
}

/**
 * Releases a version as a release manager does: pushes an annotated tag of its commit. Returns git's output.
 * @param message message of the tag
 */
export function pushRelease(clone: string, release: string, message: string): string[] {
  annotate(clone, release, message);
  return pushTags(clone);
}

/**
 * Pushes a tag without starting CI, for callers that run the job themselves.
 * @param message makes the tag an annotated one
 */
export function pushQuietly(clone: string, tag: string, message?: string): void {
  if (message === undefined) git(clone, "tag", tag, commitFor(clone, tag));
  else annotate(clone, tag, message);
  git(clone, "push", "--quiet", "--receive-pack=git -c core.hooksPath=/dev/null receive-pack", "origin", tag);
}

const annotate = (clone: string, tag: string, message: string): void =>
  void git(clone, "tag", "--force", "--annotate", "--message", message, tag, commitFor(clone, tag));

/** The commit that releases a tag's version; the newest commit when no commit does. */
function commitFor(clone: string, tag: string): string {
  const [release] = tag.split("+");
  const found = git(clone, "log", "--format=%H", "--fixed-strings", `--grep=Releasing ${release}`, "develop");
  return found.toString().trim().split("\n")[0] || "develop";
}

function pushTags(clone: string): string[] {
  const { status, stderr } = spawnSync("git", ["-C", clone, "push", "--tags", "origin"], { encoding: "utf8" });
  if (status !== 0) throw new SandboxError(`\`git push --tags\` failed: ${stderr.trim()}`);
  return stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(remote:|\*|\+)/.test(line));
}

function commit(clone: string, file: string, text: string, subject: string, day: number): void {
  mkdirSync(join(clone, file, ".."), { recursive: true });
  writeFileSync(join(clone, file), text);
  git(clone, "add", file);
  const date = `2026-11-${20 + day}T12:00:00Z`;
  execFileSync("git", ["-C", clone, "commit", "--quiet", "-m", subject, "--date", date], {
    env: { ...process.env, GIT_COMMITTER_DATE: date },
  });
}

const git = (clone: string, ...args: string[]): Buffer => execFileSync("git", ["-C", clone, ...args]);
