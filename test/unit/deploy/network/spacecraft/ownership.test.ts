import { deepStrictEqual, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../../../../infra/base/store/contract";
import { openStore } from "../../../../../infra/base/store/open";
import { lastRecord, recordStage, type Stage } from "../../../../../infra/deploy/network/spacecraft/ownership";
import { KEYED } from "../../../../support/record-key";

describe("the records of a cluster", () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-intents-"));
    store = openStore(`file://${folder}`, KEYED);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Records stages, a minute apart from 00:01 on. */
  const record = async (...stages: Stage[]) => {
    for (const [i, stage] of stages.entries()) {
      const at = new Date(Date.UTC(2026, 0, 1, 0, i + 1));
      await recordStage(store, "v1-2-3-1", { tag: "v1.2.3+1", stage, at });
    }
  };
  const intent = async () => (await lastRecord(store, "v1-2-3-1")).intent;

  it("hold no intent before anything is recorded", async () => strictEqual(await intent(), undefined));

  it("hold the intent from the moment that it is recorded", async () => {
    await record("making");
    strictEqual(await intent(), "2026-01-01T00:01:00.000Z");
  });

  for (const end of ["made", "removed"] as const) {
    it(`hold no intent once the cluster is ${end}, so that a later one of its name is not taken for ours`, async () => {
      await record("making", end);
      strictEqual(await intent(), undefined);
    });
  }

  it("hold the intent of the next try, also after ten of them", async () => {
    await record(...Array.from({ length: 10 }, (): Stage[] => ["making", "removed"]).flat(), "making");
    strictEqual(await intent(), "2026-01-01T00:21:00.000Z");
  });

  for (const stage of ["made", "removing"] as const) {
    it(`name the cluster that exists, also while it does not answer: ${stage}`, async () => {
      await record("making");
      await recordStage(store, "v1-2-3-1", {
        tag: "v1.2.3+1",
        stage,
        at: new Date(),
        createTime: "2026-01-01T00:05:00Z",
      });
      deepStrictEqual(await lastRecord(store, "v1-2-3-1"), { standing: "2026-01-01T00:05:00Z" });
      await record("removed");
      deepStrictEqual(await lastRecord(store, "v1-2-3-1"), {});
    });
  }

  it("of other clusters do not count", async () => {
    await recordStage(store, "v1-2-3-10", { tag: "v1.2.3+10", stage: "making", at: new Date() });
    strictEqual(await intent(), undefined);
  });
});
