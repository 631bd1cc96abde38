import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../home";

/**
 * Creates the bare repository that stands in for go-spacemesh on GitHub. One hook refuses version tags that break the
 * rules, as a rule set of the repository does; the other one stands in for CI. Safe to run twice.
 */
export function makeRepository(folder: string): void {
  if (!existsSync(join(folder, "HEAD"))) {
    mkdirSync(folder, { recursive: true });
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=develop", folder]);
    execFileSync("git", ["-C", folder, "config", "uploadpack.allowAnySHA1InWant", "true"]);
  }
  const main = join(CHECKOUT, "sandbox/git/post-receive.ts");
  const loader = join(CHECKOUT, "node_modules/tsx/dist/loader.mjs");
  writeHook(folder, "post-receive", `exec "${process.execPath}" --import "${loader}" "${main}" "${folder}"\n`);
  writeHook(folder, "pre-receive", rulesOfTags());
}

function writeHook(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, "hooks", name), `#!/bin/sh\n${script}`, { mode: 0o755 });
}

/** The command judges the pushed tags. A push without tags does not wait for it to start. */
const rulesOfTags = (): string => `pushed=$(cat)
case $pushed in *" refs/tags/"*) ;; *) exit 0 ;; esac
printf '%s\\n' "$pushed" | "${process.execPath}" "${join(CHECKOUT, "scripts/smeshnet.cjs")}" tag check --hook
`;
