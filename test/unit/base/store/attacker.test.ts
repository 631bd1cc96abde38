import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { Readable } from "node:stream";
import fc from "fast-check";
import { manifestKey, manifestsOf } from "../../../../infra/archive/manifest";
import { archiveNetwork } from "../../../../infra/archive/run";
import { verifyArchive } from "../../../../infra/archive/verify";
import { promotionsOf, writeDown } from "../../../../infra/base/channel/records";
import type { Cloudflare } from "../../../../infra/base/clients/cloudflare";
import { runWith } from "../../../../infra/base/lib/run";
import { parseBuildTag } from "../../../../infra/base/model/build-tag";
import type { HistoryRecord } from "../../../../infra/base/model/history-record";
import type { Store } from "../../../../infra/base/store/contract";
import { textOf } from "../../../../infra/base/store/digest";
import { isOtherName, sealed } from "../../../../infra/base/store/seal";
import { SealedStore } from "../../../../infra/base/store/sealed";
import { allRecords, lastRecord, recordStage } from "../../../../infra/deploy/network/spacecraft/ownership";
import { takePlace } from "../../../../infra/deploy/places";
import { AnnouncementRecords } from "../../../../infra/promote/announcement/records";
import { keepDraft } from "../../../../infra/recap/drafts";
import { keepRecord, keptRecords } from "../../../../infra/retire/records";
import { certificateKey, certificateOf } from "../../../../infra/simmer/certify";
import { SimmerLog } from "../../../../infra/simmer/log";
import { lastLogOf, logsOf } from "../../../../infra/simmer/logs";
import { Bucket } from "../../../support/bucket";
import { refusesLater } from "../../../support/errors";
import { NETWORK, THRESHOLDS } from "../../../support/judged";
import { promotion } from "../../../support/promotions";
import { RECORD_KEY } from "../../../support/record-key";

const TAG = "v1.2.3+1";
const BUILD = parseBuildTag(TAG);
const AT = "2026-11-29T12:00:00.000Z";
const RUN = runWith({ clock: { now: () => Date.parse(AT), sleep: () => Promise.reject(new Error("no wait")) } });
const TERMS = { network: NETWORK, thresholds: THRESHOLDS, days: 7, day: 86_400 };

const open = (bucket: Bucket, told: string[] = []) =>
  new SealedStore(bucket, "bucket", [RECORD_KEY], (line) => void told.push(line));

const HISTORY: HistoryRecord = {
  schema: 1,
  tag: TAG,
  openedAt: AT,
  retiredAt: AT,
  verdict: "healthy",
  why: "replaced",
};

/** The edge's values, in which anything may be read back. */
function edge(): Pick<Cloudflare, "getKv" | "putKv"> {
  const values = new Map<string, string>();
  return {
    getKv: async (_, key) => values.get(key),
    putKv: async (_, key, value) => void values.set(key, value),
  };
}

/** One life of a network, as all steps write it down, one step an item. */
const LIFE: readonly ((store: Store) => Promise<unknown>)[] = [
  (store) => writeDown(store, promotion(1, "v1.2.2")),
  async (store) => (await takePlace(BUILD, placesIn(store), RUN)).leave(),
  (store) => recordStage(store, "v1-2-3-1", { tag: TAG, stage: "making", at: new Date(AT) }),
  (store) => recordStage(store, "v1-2-3-1", { tag: TAG, stage: "made", at: new Date(AT), createTime: AT }),
  (store) => new SimmerLog(store, TAG, NETWORK.genesisId).agree(TERMS),
  (store) => visit(store, 0),
  (store) => visit(store, 1),
  (store) => store.put(certificateKey(TAG, NETWORK.genesisId), "certificate"),
  (store) => writeDown(store, promotion(2, "v1.2.3")),
  async (store) => {
    const records = new AnnouncementRecords(store, "testnet", 2);
    const payload = { embeds: [{ title: "v1.2.3" }] } as never;
    ok(await records.intend(1, { release: "v1.2.3", tag: TAG, kind: "promotion", at: AT, payload }));
    ok(await records.sent({ messageId: "1", at: AT, by: "answer" }));
  },
  (store) =>
    archiveNetwork(
      { store, record: { tag: TAG, documents: { "config.json": {} } }, gap: "gone", opening: "one", life: "life" },
      RUN,
    ),
  (store) =>
    keepRecord(
      { store, cloudflare: edge(), namespace: { accountId: "a", namespaceId: "n" }, tag: BUILD },
      HISTORY,
      RUN,
    ),
  (store) => keepDraft(store, `recap/${TAG}/aa/`, "the story"),
];

async function visit(store: Store, day: number): Promise<void> {
  const log = new SimmerLog(store, TAG, NETWORK.genesisId);
  await log.add(() => ({ body: { kind: "visit", at: AT, day, seen: [{ what: "page", ok: true, saw: "it" }] } }));
}

const placesIn = (store: Store) => ({
  limit: 1,
  stacks: async () => [],
  running: async () => [],
  free: async () => [],
  store,
});

/** Everything that the cycle decides by. */
async function decisions(store: Store) {
  const log = await lastLogOf(store, TAG);
  const [manifest] = await manifestsOf(store, TAG);
  const entries: number[] = [];
  for await (const { entry } of log.entries()) entries.push(entry.number);
  return {
    promotions: await promotionsOf(store, "testnet"),
    clusters: [...(await allRecords(store))],
    cluster: await lastRecord(store, "v1-2-3-1"),
    announced: await new AnnouncementRecords(store, "testnet", 2).read(),
    announcements: await store.list("announcements/"),
    archives: (await manifestsOf(store)).length,
    archive: manifest && (await verifyArchive(store, manifest)),
    history: await keptRecords(store, BUILD),
    certificate: await certificateOf(store, TAG, NETWORK.genesisId),
    logs: (await logsOf(store)).map(({ prefix }) => prefix),
    log: [log.prefix, log.state, entries],
    drafts: await store.list("recap/"),
    places: (await store.list("places/")).length,
    nobodyElse: (await promotionsOf(store, "otherchannel")).length,
  };
}

/** What happens when nobody attacks. */
async function peace() {
  const bucket = new Bucket();
  for (const step of LIFE) await step(open(bucket));
  return { bucket, decided: await decisions(open(bucket)) };
}

const PREFIXES = [
  "",
  "channels/testnet/",
  "channels/otherchannel/",
  "intents/v1-2-3-1/",
  "intents/v9-9-9-9/",
  "places/",
  "announcements/testnet/2/",
  "announcements/testnet/3/",
  `archives/${TAG}/1/`,
  `archives/${TAG}/2/`,
  `archives/${TAG}/999999999999999/`,
  "archives/v9.9.9+9/1/",
  `simmer/${TAG}/aa/`,
  `simmer/${TAG}/zz/`,
  "history/1_2_3_1/",
  `recap/${TAG}/aa/`,
  "sealed/",
  "sync/x/",
];
const NAMES = [
  "1.json",
  "2.json",
  "3.json",
  "5-left.json",
  "999999999999999.json",
  "00000001.json",
  "00000003.json",
  "00000004.json",
  "99999999.json",
  "1.md",
  "7.md",
  "manifest.json",
  "certificate.json",
  "beginning.json",
  "intent-1.json",
  "intent-2.json",
  "not-sent-1.json",
  "sent.json",
  "config.json",
  `${AT}.json`,
  "x",
  `1.json~${"0".repeat(32)}`,
];

/** Contents that look as right as they can without the key: the real objects, bodies without a seal, other seals. */
function contents(real: Bucket): string[] {
  const all = [...real.objects].map(([, bytes]) => bytes.toString());
  const bodies = all.map((text) => text.replace(/^smeshnet-record.*\n/, ""));
  const forged = [promotion(3, "v6.6.6"), promotion(1, "v6.6.6"), { tag: TAG, stage: "removed", at: AT }];
  const others = forged.map((one) =>
    sealed("channels/testnet/3.json", Buffer.from(JSON.stringify(one)), "e".repeat(64)),
  );
  return [...all, ...bodies, ...forged.map((one) => JSON.stringify(one)), ...others.map(String), "", "{"];
}

describe("somebody who may only add objects to the store", () => {
  it("decides nothing, whatever they add, and when", async () => {
    const { bucket: real, decided } = await peace();
    const added = fc.record({
      key: fc.tuple(fc.constantFrom(...PREFIXES), fc.constantFrom(...NAMES)).map(([folder, name]) => folder + name),
      content: fc.constantFrom(...contents(real)),
      step: fc.nat(LIFE.length),
    });
    // Nobody has a record before we wrote it. (Two stores with one key would; decision 0010 forbids them.)
    const possible = (one: { key: string; content: string }) => real.objects.get(one.key)?.toString() !== one.content;
    await fc.assert(
      fc.asyncProperty(fc.array(added.filter(possible), { maxLength: 30 }), async (attack) => {
        const bucket = new Bucket();
        for (const [i, step] of LIFE.entries()) {
          // The store has begun: its first record is there.
          if (i > 0) for (const one of attack) if (one.step === i) bucket.add(one.key, one.content);
          await step(open(bucket));
        }
        for (const one of attack) bucket.add(one.key, one.content);
        deepStrictEqual(forgetNumbers(await decisions(open(bucket))), forgetNumbers(decided));
      }),
      { numRuns: 150 },
    );
  }).timeout(60_000);

  it("holds nothing up by taking every name before we do", async () => {
    const { decided } = await peace();
    const bucket = new Bucket();
    await LIFE[0]?.(open(bucket)); // the store has begun
    bucket.before = (name) => {
      if (!isOtherName(name)) bucket.add(name, "mine");
    };
    for (const step of LIFE.slice(1)) await step(open(bucket));
    deepStrictEqual(forgetNumbers(await decisions(open(bucket))), forgetNumbers(decided));
  });

  it("holds no archive up by taking the names of its logs while they are written", async () => {
    const bucket = new Bucket();
    const store = open(bucket);
    await LIFE[0]?.(store);
    bucket.before = (name) => {
      if (!isOtherName(name)) bucket.add(name, "mine");
    };
    const log = () => Readable.from([Buffer.from("log")], { objectMode: false });
    const key = `archives/${TAG}/1/logs/miner-1.log.zst`;
    await refusesLater(store.put(key, log()), "ObjectExists");
    const again = key.replace("/1/", "/2/");
    await store.put(again, log());
    strictEqual(await textOf(store.get(again)), "log");
    deepStrictEqual(await store.list(`archives/${TAG}/2/`), [again]);
    strictEqual(await textOf(open(bucket).get(again)), "log", "for another process as well");
  });

  it("cannot end a log by objects behind it, and costs few requests", async () => {
    const { bucket, decided } = await peace();
    for (let number = 4; number < 3000; number++)
      bucket.add(`simmer/${TAG}/aa/${`${number}`.padStart(8, "0")}.json`, "mine");
    bucket.requests = 0;
    const log = await lastLogOf(open(bucket), TAG);
    deepStrictEqual(log.state, decided.log[1]);
    ok(bucket.requests < 80, `${bucket.requests} requests`);
    await log.add(() => ({ body: { kind: "visit", at: AT, day: 2, seen: [{ what: "page", ok: true, saw: "it" }] } }));
    deepStrictEqual((await lastLogOf(open(bucket), TAG)).state.visits, [0, 1, 2]);
  });

  it("is told of, once a name and not for ever", async () => {
    const { bucket } = await peace();
    bucket.add("channels/testnet/3.json", "mine\u001b[2J");
    const told: string[] = [];
    const store = open(bucket, told);
    for (let i = 0; i < 3; i++) await promotionsOf(store, "testnet");
    strictEqual(told.length, 1);
    ok(told[0]?.includes("channels/testnet/3.json") && !told[0]?.includes("\u001b"), told[0]);
    for (let i = 4; i < 200; i++) bucket.add(`channels/testnet/${i}.json`, "mine");
    await promotionsOf(store, "testnet");
    ok(told.length < 30, `${told.length} lines`);
  });

  it("does not make us read large objects to their end", async () => {
    const { bucket } = await peace();
    bucket.add("channels/testnet/3.json", Buffer.alloc(64 << 20));
    let chunks = 0;
    const get = bucket.get.bind(bucket);
    bucket.get = (key) => get(key).on("data", () => key === "channels/testnet/3.json" && chunks++);
    await promotionsOf(open(bucket), "testnet");
    ok(chunks < 40, `${chunks} chunks`);
  });

  it("still lets one of two writers win, when the name is taken", async () => {
    const bucket = new Bucket();
    await LIFE[0]?.(open(bucket));
    bucket.add("channels/testnet/2.json", "mine");
    const both = [promotion(2, "v1.2.3"), promotion(2, "v1.2.4")].map((one) => writeDown(open(bucket), one));
    deepStrictEqual((await Promise.allSettled(both)).map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    strictEqual((await promotionsOf(open(bucket), "testnet")).length, 2);
  });

  it("cannot begin a store: a person looks first", async () => {
    const bucket = new Bucket();
    bucket.add("channels/testnet/1.json", JSON.stringify(promotion(1, "v6.6.6")));
    await refusesLater(promotionsOf(open(bucket), "testnet"), "StoreUnsealed", {
      names: ['"channels/testnet/1.json"', "`smeshnet archive seal --dry-run`"],
    });
    await refusesLater(writeDown(open(bucket), promotion(2, "v1.2.3")), "StoreUnsealed");
    strictEqual(bucket.objects.size, 1);
  });
});

/** An attacker may use up numbers of archives, which decides nothing. */
function forgetNumbers<T>(decided: T): T {
  return JSON.parse(JSON.stringify(decided).replaceAll(manifestKey(TAG, 2), manifestKey(TAG, 1))) as T;
}
