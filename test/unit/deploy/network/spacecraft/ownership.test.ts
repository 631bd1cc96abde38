import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../../../infra/base/store/contract";
import { openStore } from "../../../../../infra/base/store/open";
import { lastRecord, recordStage, type Stage } from "../../../../../infra/deploy/network/spacecraft/ownership";

describe("intents", () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-intents-"));
    store = openStore(`file://${folder}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Writes stages, a minute apart from 00:01 on. */
  const write = async (...stages: Stage[]) => {
    for (const [i, stage] of stages.entries()) {
      await recordStage(store, "v1-2-3-1", "v1.2.3+1", stage, new Date(Date.UTC(2026, 0, 1, 0, i + 1)));
    }
  };
  const open = async () => (await lastRecord(store, "v1-2-3-1")).intent;

  it("are none before anything is written", async () => strictEqual(await open(), undefined));

  it("are open from the writing on", async () => {
    await write("making");
    strictEqual(await open(), "2026-01-01T00:01:00.000Z");
  });

  for (const end of ["made", "removed"] as const) {
    it(`are closed once the cluster is ${end}, so that a later one of that name is not taken for ours`, async () => {
      await write("making", end);
      strictEqual(await open(), undefined);
    });
  }

  it("are open again for the next try, also after ten of them", async () => {
    await write(...Array.from({ length: 10 }, (): Stage[] => ["making", "removed"]).flat(), "making");
    strictEqual(await open(), "2026-01-01T00:21:00.000Z");
  });

  for (const stage of ["made", "removing"] as const) {
    it(`name the cluster that stands, also while it does not answer: ${stage}`, async () => {
      await write("making");
      await recordStage(store, "v1-2-3-1", "v1.2.3+1", stage, new Date(), "2026-01-01T00:05:00Z");
      deepStrictEqual(await lastRecord(store, "v1-2-3-1"), { standing: "2026-01-01T00:05:00Z" });
      await write("removed");
      deepStrictEqual(await lastRecord(store, "v1-2-3-1"), {});
    });
  }

  it("of other clusters count for nothing", async () => {
    await recordStage(store, "v1-2-3-10", "v1.2.3+10", "making", new Date());
    strictEqual(await open(), undefined);
  });
});
