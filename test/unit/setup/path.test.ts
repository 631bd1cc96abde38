import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinnedOnPath } from "../../../scripts/setup/path-tools.mjs";
import { findOnPath } from "../../../scripts/setup/programs.mjs";

describe("a tool on PATH", () => {
  let folder = "";
  const etcd = { name: "etcd", version: "3.6.8", place: "bin", ask: ["--version"] } as const;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-path-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes a program that prints a text to any question and records that it ran. */
  function program(answer: string, mode = 0o755): string {
    const file = join(folder, "etcd");
    writeFileSync(file, `#!/bin/sh\necho asked >> ${folder}/asked\necho '${answer}'\n`, { mode });
    return file;
  }

  const find = () => pinnedOnPath([etcd], join(folder, "answers.json"), `/nowhere:${folder}`).get("etcd");

  it("is used only in the pinned version", () => {
    const file = program("etcd Version: 3.6.8");
    assert.strictEqual(find(), file);
    program("etcd Version: 3.6.10");
    assert.strictEqual(find(), undefined);
  });

  it("is asked for its version once, until its file changes", () => {
    program("etcd Version: 3.6.9");
    assert.strictEqual(find(), undefined);
    rmSync(join(folder, "asked"));
    assert.strictEqual(find(), undefined);
    assert.throws(() => rmSync(join(folder, "asked")), /ENOENT/, "it was asked again");
    const file = program("etcd Version: 3.6.8, another build");
    assert.strictEqual(find(), file);
  });

  it("is ignored when it fails, is not a program or reports no version", () => {
    program("'; exit 1 #3.6.8");
    assert.strictEqual(find(), undefined);
    program("unknown");
    assert.strictEqual(find(), undefined);
  });

  it("is found only in an absolute folder, and only when it is executable", () => {
    const file = program("");
    assert.strictEqual(findOnPath("etcd", folder), file);
    assert.strictEqual(findOnPath("etcd", "."), undefined);
    rmSync(file);
    program("", 0o644);
    assert.strictEqual(findOnPath("etcd", folder), undefined);
  });
});
