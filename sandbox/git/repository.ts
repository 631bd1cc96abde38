import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../home";

/**
 * Creates the bare repository that stands in for go-spacemesh on GitHub. Its hook stands in for CI. Safe to run twice.
 */
export function makeRepository(folder: string): void {
  if (!existsSync(join(folder, "HEAD"))) {
    mkdirSync(folder, { recursive: true });
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=develop", folder]);
    execFileSync("git", ["-C", folder, "config", "uploadpack.allowAnySHA1InWant", "true"]);
  }
  const main = join(CHECKOUT, "sandbox/git/post-receive.ts");
  const loader = join(CHECKOUT, "node_modules/tsx/dist/loader.mjs");
  const hook = `#!/bin/sh\nexec "${process.execPath}" --import "${loader}" "${main}" "${folder}"\n`;
  writeFileSync(join(folder, "hooks", "post-receive"), hook, { mode: 0o755 });
}
