import { strictEqual } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commitHere } from "../../../infra/review/preview/commit";

describe("the commit that a preview names", () => {
  const { signal } = new AbortController();
  let folder: string;
  const git = (...args: string[]): string => execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  const named = (at = folder) => commitHere({ signal }, at);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-commit-"));
    git("init", "--quiet");
    writeFileSync(join(folder, "tracked"), "as committed\n");
    git("add", "tracked");
    git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "First");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is that of the checkout, also beside files that git does not track", async () => {
    writeFileSync(join(folder, "untracked"), "");
    strictEqual(await named(), git("rev-parse", "HEAD").trim());
  });

  it("is none when a tracked file differs, because the commit is not what is previewed", async () => {
    writeFileSync(join(folder, "tracked"), "changed\n");
    strictEqual(await named(), undefined);
  });

  it("is none in a folder of another checkout, and outside of any", async () => {
    mkdirSync(join(folder, "inner"));
    strictEqual(await named(join(folder, "inner")), undefined);
    const outside = mkdtempSync(join(tmpdir(), "smeshnet-commit-"));
    strictEqual(await named(outside), undefined);
    rmSync(outside, { recursive: true });
  });
});
