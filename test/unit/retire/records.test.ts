import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { removeFailure } from "../../../infra/base/clients/failures";
import { parseBuildTag } from "../../../infra/base/model/build-tag";
import { historyKey } from "../../../infra/base/model/edge";
import type { HistoryRecord } from "../../../infra/base/model/history-record";
import { networkSpec } from "../../../infra/base/model/network-spec";
import { versionsOf } from "../../../infra/base/model/versions";
import { closeHistory } from "../../../infra/retire/history";
import { keepRecord } from "../../../infra/retire/records";
import { SimulatedStore } from "../../simulation/simmer/media";
import { LateKv } from "../../support/late-kv";
import { settingsWith } from "../../support/settings";

const namespace = { accountId: "account", namespaceId: "kv" };
const tag = parseBuildTag("v1.2.3+1");
const RECORD: HistoryRecord = {
  schema: 1,
  tag: "v1.2.3+1",
  openedAt: "2026-11-20T00:00:00Z",
  retiredAt: "2026-11-21T00:00:00Z",
  verdict: "healthy",
  why: "the first run",
};
const KEY = historyKey(tag, RECORD.openedAt);

describe("the record of a retirement, at an edge that shows values late", () => {
  it("is kept once the edge shows it, although the writer sees none for a minute", async () => {
    const kv = new LateKv();
    const store = new SimulatedStore();
    const began = kv.clock.now();
    strictEqual(await keepRecord({ store, cloudflare: kv, namespace, tag }, RECORD, kv.run), JSON.stringify(RECORD));
    ok(kv.clock.now() - began >= 60_000);
    deepStrictEqual(kv.lines, ["waiting for the edge to show the record of v1.2.3+1: it shows none yet"]);
  });

  it("stays the first one when a second run sees none yet", async () => {
    const kv = new LateKv();
    const store = new SimulatedStore();
    const place = { store, cloudflare: kv, namespace, tag };
    await kv.getKv(namespace, KEY); // the edge shows for a minute that there is none
    await store.put(`history/1_2_3_1/${RECORD.openedAt}.json`, JSON.stringify(RECORD));
    await kv.putKv(namespace, KEY, JSON.stringify(RECORD));
    const kept = await keepRecord(place, { ...RECORD, why: "the second run" }, kv.run);
    strictEqual(kept, JSON.stringify(RECORD));
    strictEqual(kv.values.get(KEY), JSON.stringify(RECORD));
  });

  it("of an earlier release, which the store does not have, stays as it is", async () => {
    const kv = new LateKv();
    kv.values.set(KEY, '{"schema":1}');
    const place = { store: new SimulatedStore(), cloudflare: kv, namespace, tag };
    strictEqual(await keepRecord(place, RECORD, kv.run), '{"schema":1}');
  });

  it("is not replaced by what somebody put in its place in the store", async () => {
    const kv = new LateKv();
    const store = new SimulatedStore();
    await store.put(`history/1_2_3_1/${RECORD.openedAt}.json`, JSON.stringify({ ...RECORD, tag: "v1.2.3+9" }));
    const kept = await keepRecord({ store, cloudflare: kv, namespace, tag }, RECORD, kv.run);
    strictEqual(kept, JSON.stringify(RECORD));
    ok(kv.lines.some((line) => line.includes(`history/1_2_3_1/${RECORD.openedAt}.json`)));
  });

  it("needs fewer than 1,200 calls in five minutes for twenty networks (T28)", async () => {
    const kv = new LateKv();
    const store = new SimulatedStore();
    const settings = settingsWith();
    for (let build = 1; build <= 20; build++) {
      const retired = parseBuildTag(`v1.2.3+${build}`);
      for (const key of [`network:1_2_3_${build}`, `config:1_2_3_${build}`]) {
        kv.values.set(key, "{}");
        await kv.getKv(namespace, key); // shown for a minute after the engine removed it
        kv.values.delete(key);
      }
      const closing = {
        tag: retired,
        spec: networkSpec(retired, settings, versionsOf(retired, settings.versions)),
        driver: { leftovers: async () => [] },
        zoneId: "zone",
        namespace,
        cloudflare: kv,
        openedAt: RECORD.openedAt,
        storeUrl: "file:///store",
        store,
        discoveryUrl: "http://discover.example.org/",
        why: "replaced",
        verdict: "healthy" as const,
      };
      await closeHistory(closing, kv.run, { processes: async () => [], environment: async () => ({}) });
    }
    strictEqual([...kv.values.keys()].filter((key) => key.startsWith("history:")).length, 20);
    ok(kv.mostCalls < 400, `${kv.mostCalls} calls in five minutes`);
  });
});

describe("the failure of a network, at an edge that shows values late", () => {
  it("is removed also while the edge shows none yet", async () => {
    const kv = new LateKv();
    const key = "failed:1_2_3_1";
    await kv.getKv(namespace, key);
    await kv.putKv(namespace, key, "{}");
    strictEqual(await removeFailure(kv, namespace, tag), false);
    strictEqual(kv.values.has(key), false);
  });
});
