import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinnedOnPath } from "../../../scripts/setup/path-tools.mjs";
import { findOnPath } from "../../../scripts/setup/programs.mjs";

describe("A tool on PATH", () => {
  let folder = "";
  const etcd = { name: "etcd", version: "3.6.8", place: "bin", ask: ["--version"] } as const;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-path-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Puts a program there that answers any question with a text, and notes that it was asked. */
  function program(answer: string, mode = 0o755): string {
    const file = join(folder, "etcd");
    writeFileSync(file, `#!/bin/sh\necho asked >> ${folder}/asked\necho '${answer}'\n`, { mode });
    return file;
  }

  const find = () => pinnedOnPath([etcd], join(folder, "answers.json"), `/nowhere:${folder}`).get("etcd");

  it("is taken in the pinned version only", () => {
    const file = program("etcd Version: 3.6.8");
    assert.strictEqual(find(), file);
    program("etcd Version: 3.6.10");
    assert.strictEqual(find(), undefined);
  });

  it("is asked once, until it changes", () => {
    program("etcd Version: 3.6.9");
    assert.strictEqual(find(), undefined);
    rmSync(join(folder, "asked"));
    assert.strictEqual(find(), undefined);
    assert.throws(() => rmSync(join(folder, "asked")), /ENOENT/, "it was asked again");
    const file = program("etcd Version: 3.6.8, another build");
    assert.strictEqual(find(), file);
  });

  it("is ignored when it fails, is no program or cannot say its version", () => {
    program("'; exit 1 #3.6.8");
    assert.strictEqual(find(), undefined);
    program("unknown");
    assert.strictEqual(find(), undefined);
  });

  it("is found by an absolute folder only, and only when it may be run", () => {
    const file = program("");
    assert.strictEqual(findOnPath("etcd", folder), file);
    assert.strictEqual(findOnPath("etcd", "."), undefined);
    rmSync(file);
    program("", 0o644);
    assert.strictEqual(findOnPath("etcd", folder), undefined);
  });
});
