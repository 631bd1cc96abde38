import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert";
import { openingOf } from "../../../infra/archive/life";
import { manifestsOf } from "../../../infra/archive/manifest";
import { archiveNetwork } from "../../../infra/archive/run";
import { readManifest } from "../../../infra/archive/verify";
import { runWith } from "../../../infra/base/lib/run";
import { newestArchive } from "../../../infra/recap/archived";
import { lastArchive } from "../../../infra/retire/history";
import { SimulatedStore } from "../../simulation/simmer/media";

const TAG = "v1.2.3+1";
const NOON = Date.parse("2026-11-29T12:00:00Z");
const HOUR = 3_600_000;

/** Archives a network whose cluster is gone, by a machine's clock. */
async function closed(store: SimulatedStore, at: number, opening: string, life?: string): Promise<string> {
  const clock = { now: () => at, sleep: () => Promise.reject(new Error("no wait")) };
  const record = { tag: TAG, documents: { "config.json": { life: life ?? "unknown" } } };
  return (await archiveNetwork({ store, record, gap: "gone", opening, life }, runWith({ clock }))).key;
}

describe("an archive and the life of its network", () => {
  it("does not stand for the next life's, although the clock that closed it was two hours ahead", async () => {
    const store = new SimulatedStore();
    const first = await closed(store, NOON + 2 * HOUR, "opening of the first life", "first");
    const second = await closed(store, NOON + HOUR, "opening of the second life", "second");
    notStrictEqual(second, first, "the logs of the second life are kept");
    deepStrictEqual(await manifestsOf(store, TAG), [first, second]);
    const { life, opening } = await readManifest(store, second);
    deepStrictEqual([life, opening], ["second", "opening of the second life"]);
  });

  it("is read back when its own run was killed, whatever the clocks say", async () => {
    const store = new SimulatedStore();
    const key = await closed(store, NOON - 2 * HOUR, "one", "life");
    strictEqual(await closed(store, NOON, "one", "life"), key);
  });

  it("is found by its life in the history and in the recap", async () => {
    const store = new SimulatedStore();
    const first = await closed(store, NOON + 2 * HOUR, "one", "first");
    const openedAt = new Date(NOON).toISOString();
    const second = { openedAt, life: "second" };
    strictEqual(await lastArchive(store, TAG, second), undefined, "the first life's is not the second's");
    strictEqual(await newestArchive(store, TAG, second), undefined);
    const key = await closed(store, NOON - HOUR, "two", "second");
    strictEqual((await lastArchive(store, TAG, second))?.key, key, "although its clock is behind");
    strictEqual((await newestArchive(store, TAG, second))?.key, key);
    strictEqual((await lastArchive(store, TAG, { openedAt, life: "first" }))?.key, first);
  });

  it("of a stack from before ids goes by the time in its state, which is an id as well", async () => {
    const store = new SimulatedStore();
    const opening = openingOf({ openedAt: "2026-11-29T11:00:00Z" });
    const key = await closed(store, NOON, opening);
    strictEqual(await closed(store, NOON, opening), key);
    notStrictEqual(await closed(store, NOON, openingOf({ openedAt: "2026-11-29T11:30:00Z" })), key);
  });
});
