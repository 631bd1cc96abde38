import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { sha256Of } from "../../../infra/base/lib/sha256";
import { judge } from "../../../infra/base/verdict/judge";
import { entryKey, type LogEntry, logPrefix, readEntry, type Terms, textOfEntry } from "../../../infra/simmer/entry";
import { SimmerLog } from "../../../infra/simmer/log";
import { type Replayed, replay } from "../../../infra/simmer/replay";
import { after, EMPTY } from "../../../infra/simmer/state";
import { NETWORK } from "../../support/judged";
import { WatchedNetwork } from "../../support/watched";

const TAG = "v1.2.3+1";
const PREFIX = logPrefix(TAG, NETWORK.genesisId);

/** A log of some layers, and a hand that changes what the store holds. */
async function written() {
  const { store, ...world } = await watchedFor(8);
  const log = () => new SimmerLog(store, TAG, NETWORK.genesisId);
  const entry = (number: number): LogEntry => {
    const key = entryKey(PREFIX, number);
    return readEntry(key, store.objects.get(key) ?? "").entry;
  };
  const put = (changed: LogEntry) => void store.objects.set(entryKey(PREFIX, changed.number), textOfEntry(changed));
  const count = store.objects.size;
  return {
    ...world,
    store,
    entry,
    put,
    count,
    prove: (): Promise<Replayed> => replay(log().entries()),
    /** Makes all digests right again from an entry on, and the states too, if asked. */
    reseal(from: number, rejudged = false) {
      let terms: Terms | undefined;
      let state = EMPTY;
      let previous = "";
      for (let number = 1; store.objects.has(entryKey(PREFIX, number)); number++) {
        const found = entry(number);
        const { body } = found;
        if (body.kind === "terms") terms = body.terms;
        let resealed = { ...found, number };
        if (number >= from) {
          resealed = { ...resealed, previous };
          if (body.kind === "sample" && rejudged && terms) {
            const { memory, evidence } = judge(terms.network, terms.thresholds, state.memory, body);
            const { verdict } = memory;
            resealed = { ...resealed, body: { ...body, verdict, evidence }, state: { ...state, memory } };
          } else if (body.kind !== "sample" && rejudged) resealed = { ...resealed, state: after(state, body, number) };
          put(resealed);
        }
        state = resealed.state;
        previous = sha256Of(store.objects.get(entryKey(PREFIX, number)) ?? "");
      }
    },
  };
}

async function watchedFor(layers: number) {
  const world = WatchedNetwork.make();
  await world.looks(await world.watcher(TAG), layers);
  return { store: world.store };
}

/** A sample in which one node says another verified layer. */
function withOtherLayer(entry: LogEntry, node: string, verifiedLayer: number): LogEntry {
  const { body } = entry;
  if (body.kind !== "sample") throw new Error(`entry ${entry.number} is no sample`);
  const nodes = body.sample.nodes.map((one) => (one.node === node ? { ...one, verifiedLayer } : one));
  return { ...entry, body: { ...body, sample: { ...body.sample, nodes } } };
}

const names = (number: number) => (error: unknown) => {
  const { code, message } = error as { code?: string; message: string };
  deepStrictEqual([code, /^Entry (\d+) /.exec(message)?.[1]], ["SimmerLogChanged", `${number}`], message);
  return true;
};

describe("replay", () => {
  it("proves a log that nobody changed", async () => {
    const { prove, count } = await written();
    const { entries, samples, state } = await prove();
    deepStrictEqual([entries, samples, state.memory.verdict], [count, count - 2, "healthy"]);
  });

  it("names a changed sample by its number", async () => {
    for (const number of [4, 17]) {
      const { entry, put, prove } = await written();
      put(withOtherLayer(entry(number), "miner-3", 9999));
      await rejects(prove(), names(number));
    }
  });

  it("names a sample whose change makes no difference to any verdict", async () => {
    const { entry, put, prove } = await written();
    const { body, ...rest } = entry(12);
    if (body.kind !== "sample") throw new Error("no sample");
    put({
      ...rest,
      body: { ...body, sample: { ...body.sample, dashboard: { reachable: false, error: "no answer" } } },
    });
    await rejects(prove(), names(12));
  });

  it("names a changed sample after a forger made all digests right", async () => {
    const { entry, put, reseal, prove } = await written();
    put(withOtherLayer(entry(12), "miner-3", 9999));
    reseal(13);
    await rejects(prove(), names(12));
  });

  it("names an entry whose verdict or times a forger changed", async () => {
    const { entry, put, reseal, prove } = await written();
    const changed = entry(12);
    const { memory } = changed.state;
    const observed = { ...memory.observed, healthy: memory.observed.healthy + 86_400 };
    put({ ...changed, state: { ...changed.state, memory: { ...memory, observed } } });
    reseal(13);
    await rejects(prove(), names(12));
    const other = await written();
    const twelfth = other.entry(12);
    if (twelfth.body.kind !== "sample") throw new Error("no sample");
    other.put({ ...twelfth, body: { ...twelfth.body, verdict: "stalled" } });
    other.reseal(13);
    await rejects(other.prove(), names(12));
  });

  it("gives another head once a forger has also judged everything again", async () => {
    const { entry, put, reseal, prove } = await written();
    const { head, entries } = await prove();
    put(withOtherLayer(entry(12), "miner-3", 9999));
    reseal(12, true);
    const forged = await prove();
    strictEqual(forged.entries, entries);
    strictEqual(forged.head === head, false);
  });

  it("names an entry that was deleted", async () => {
    const { store, prove } = await written();
    store.objects.delete(entryKey(PREFIX, 12));
    await rejects(prove(), names(12));
  });

  it("finds an entry that was deleted and closed up", async () => {
    const { store, entry, put, count, prove } = await written();
    for (let number = 12; number < count; number++) put({ ...entry(number + 1), number });
    store.objects.delete(entryKey(PREFIX, count));
    await rejects(prove(), names(11));
  });

  it("finds an entry that was put in", async () => {
    const { entry, put, count, prove } = await written();
    for (let number = count; number >= 12; number--) put({ ...entry(number), number: number + 1 });
    put({ ...entry(11), number: 12 });
    await rejects(prove(), names(11));
  });

  it("finds an entry that was put in after a forger made all digests right", async () => {
    const { entry, put, count, prove, reseal } = await written();
    for (let number = count; number >= 12; number--) put({ ...entry(number), number: number + 1 });
    put({ ...entry(11), number: 12 });
    reseal(12);
    await rejects(prove(), names(12));
  });

  it("refuses an object that holds something else", async () => {
    const { store, entry, put, prove } = await written();
    store.objects.set(entryKey(PREFIX, 5), "{}\n");
    await rejects(prove(), { code: "SimmerEntryInvalid" });
    store.objects.set(entryKey(PREFIX, 5), textOfEntry({ ...entry(4), number: 4 }));
    await rejects(prove(), { code: "SimmerEntryInvalid" });
    put({ ...entry(4), number: 5, tag: "v1.2.4+1" });
    await rejects(prove(), { code: "SimmerEntryInvalid" });
  });

  it("refuses an empty log", () =>
    rejects(replay(new SimmerLog(WatchedNetwork.make().store, TAG, "aa").entries()), { code: "SimmerLogEmpty" }));
});
