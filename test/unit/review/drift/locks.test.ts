import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLocks, stackOf } from "../../../../infra/review/drift/locks";
import { refusesLater } from "../../../support/errors";

describe("readLocks", () => {
  const run = { signal: new AbortController().signal };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-locks-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("reads who holds a lock of a stack of ours, without a lock of its own", async () => {
    const locks = join(folder, ".pulumi/locks/organization/smeshnet/1_2_3_1");
    mkdirSync(locks, { recursive: true });
    const timestamp = "2026-12-01T00:00:00Z";
    writeFileSync(join(locks, "a.json"), JSON.stringify({ pid: 7, username: "root", hostname: "vm", timestamp }));
    writeFileSync(join(locks, "a.json.attrs"), "{}");
    const { held } = await readLocks(`file://${folder}`, {}, run);
    deepStrictEqual(
      [...held].map(([stack, files]) => [stack, files.map(({ lock }) => lock)]),
      [["1_2_3_1", [{ user: "root", host: "vm", pid: 7, since: timestamp }]]],
    );
  });

  it("finds none in a backend without locks", async () => {
    deepStrictEqual((await readLocks(`file://${folder}`, {}, run)).held.size, 0);
  });

  it("does not guess about a backend whose locks it cannot see", () =>
    refusesLater(readLocks("azblob://container", {}, run), "BackendLocksUnknown"));
});

describe("stackOf", () => {
  it("is the stack of a lock in this project, also in older backends", () => {
    strictEqual(stackOf("organization/smeshnet/testnet/a.json"), "testnet");
    strictEqual(stackOf("testnet/a.json"), "testnet");
    strictEqual(stackOf("organization/other/testnet/a.json"), undefined);
    strictEqual(stackOf("organization/smeshnet/testnet/a.json.attrs"), undefined);
  });
});
