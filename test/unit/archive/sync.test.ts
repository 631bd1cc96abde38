import { deepStrictEqual, strictEqual } from "node:assert";
import { Readable } from "node:stream";
import type { V1Pod } from "@kubernetes/client-node";
import { collectCluster } from "../../../infra/archive/collect";
import { gapWords } from "../../../infra/archive/gaps";
import { Patience } from "../../../infra/archive/patience";
import { syncNetwork } from "../../../infra/archive/sync";
import { syncFolder, syncRecords } from "../../../infra/archive/sync-record";
import type { ClusterApi } from "../../../infra/base/clients/kubernetes/client";
import { runWith } from "../../../infra/base/lib/run";
import { outcomeOf } from "../../simulation/archive/check";
import { MemoryStore } from "../../simulation/archive/memory-store";
import { QuickClock } from "../../support/late-kv";

const NETWORK = { tag: "v1.2.3+1", genesisTime: "2026-11-20T10:00:00Z" };
const line = (second: number, text: string) => `2026-11-20T10:00:0${second}Z ${text}\n`;
const RUN = "miner-1-abc/miner/0";

/** A cluster with one container, whose log a test writes. */
class OneLog {
  log = "";
  id = "containerd://1";
  /** Called while the log is read. */
  reading = (): void => undefined;
  readonly store = new MemoryStore();
  readonly said: string[] = [];
  readonly run = runWith({ clock: new QuickClock(), say: (text) => void this.said.push(text) });
  private nonce = 0;
  private archives = 0;

  private get pod(): V1Pod {
    const startedAt = new Date("2026-11-20T10:00:00Z");
    const status = { name: "miner", containerID: this.id, restartCount: 0, state: { running: { startedAt } } };
    return {
      metadata: { name: "miner-1-abc", uid: "u1" },
      spec: { containers: [], nodeName: "n" },
      status: { containerStatuses: [{ ...status, image: "", imageID: "", ready: true }] },
    };
  }

  private get api(): ClusterApi {
    return {
      namespace: "default",
      core: {
        listNamespacedPod: async () => ({ items: [this.pod] }),
        listNamespacedEvent: async () => ({ items: [] }),
        listNode: async () => ({ items: [{ metadata: { name: "n" } }] }),
      } as unknown as ClusterApi["core"],
      apps: {} as ClusterApi["apps"],
      log: (async () => {
        const { log } = this;
        this.reading();
        return Readable.from([Buffer.from(log)]);
      }) as unknown as ClusterApi["log"],
      statsOf: async () => ({}),
    };
  }

  sync() {
    this.nonce += 1;
    return syncNetwork({ network: NETWORK, api: this.api, store: this.store, nonce: `n${this.nonce}` }, this.run);
  }

  /** @param isThere whether the cluster answers */
  async archived(isThere = true) {
    const records = await syncRecords(this.store, NETWORK, this.run);
    const patience = new Patience(this.run);
    this.archives += 1;
    const folder = `archives/v1.2.3+1/${this.archives}/`;
    const collection = { store: this.store, folder, records, patience, ...(isThere && { api: this.api }) };
    const { objects, gaps } = await collectCluster(collection, this.run);
    const { lines } = outcomeOf(this.store, folder, objects, gaps);
    return { log: lines.get(RUN)?.join(""), gaps: gaps.map(gapWords), parts: objects[0]?.parts?.length };
  }
}

describe("syncNetwork", () => {
  let world: OneLog;
  beforeEach(() => {
    world = new OneLog();
    world.log = line(0, "one") + line(0, "two");
  });

  it("ships only what is new, and the archive joins it with the last lines, byte for byte", async () => {
    deepStrictEqual(await world.sync(), { runs: 1, segments: 1, bytes: world.log.length, unread: [] });
    deepStrictEqual(await world.sync(), { runs: 1, segments: 0, bytes: 0, unread: [] });
    const more = line(0, "three") + line(1, "half of a l").trimEnd();
    world.log += more;
    deepStrictEqual((await world.sync()).bytes, more.length);
    world.log += `ine\n${line(2, "last")}`;
    deepStrictEqual(await world.archived(), { log: world.log, gaps: [], parts: 1 });
  });

  it("keeps what was shipped of a network whose cluster is gone, and says from when on lines are missing", async () => {
    await world.sync();
    const { log, gaps } = await world.archived(false);
    strictEqual(log, world.log);
    deepStrictEqual(gaps, [
      "the cluster does not give its logs",
      "miner-1-abc/miner: the log could not be read, after 2026-11-20T10:00:00Z",
    ]);
  });

  it("names what rotated away between two shipments, and splits the part there", async () => {
    await world.sync();
    const shipped = world.log;
    world.log = line(5, "after the rotation");
    await world.sync();
    world.log += line(6, "last");
    deepStrictEqual(await world.archived(), {
      log: shipped + world.log,
      gaps: [
        "miner-1-abc/miner, run 1: lines rotated away before they were read, between 2026-11-20T10:00:00Z and 2026-11-20T10:00:05Z",
      ],
      parts: 2,
    });
  });

  it("ships no line twice when two run at the same time", async () => {
    const [one, two] = await Promise.all([world.sync(), world.sync()]);
    deepStrictEqual([one.segments + two.segments, (await world.archived()).log], [1, world.log]);
  });

  it("goes on after a kill between a segment and its record", async () => {
    world.store.putsLeft = 1;
    await world.sync().catch(() => undefined);
    world.store.putsLeft = Number.POSITIVE_INFINITY;
    deepStrictEqual([(await world.sync()).segments, (await world.archived()).log], [1, world.log]);
  });

  it("does not take the log of a run that started while it read for that of the run before", async () => {
    world.reading = () => {
      world.id = "containerd://2";
    };
    deepStrictEqual((await world.sync()).segments, 0);
    deepStrictEqual(await syncRecords(world.store, NETWORK, world.run), []);
  });

  it("leaves out a record that is foreign or damaged, and says so", async () => {
    await world.sync();
    const folder = syncFolder(NETWORK);
    const [key = ""] = (await world.store.list(folder)).filter((one) => one.endsWith(".json"));
    const record = JSON.parse(String(world.store.objects.get(key)));
    const foreign = [
      [`${folder}u1/miner/0-000000000000/000001.json`, record],
      [
        key.replace("000001.json", "000002.json"),
        { ...record, number: 2, segment: { ...record.segment, key: "simmer/x" } },
      ],
      [key.replace("000001.json", "000003.json"), "{"],
    ] as const;
    for (const [one, content] of foreign) await world.store.put(one, JSON.stringify(content));
    deepStrictEqual(await world.archived(), { log: world.log, gaps: [], parts: 1 });
    world.log += line(4, "four");
    const said = world.said.splice(0);
    deepStrictEqual([(await world.sync()).segments, (await world.archived()).log], [1, world.log], "it does not block");
    deepStrictEqual(said, foreign.map(([one]) => `${one} is not a record of shipped logs, and is left out`).sort());
  });

  it("names what a record told that is gone", async () => {
    const shipped = world.log;
    await world.sync();
    world.log += line(3, "three");
    await world.sync();
    world.log += line(4, "four");
    await world.sync();
    for (const key of await world.store.list(syncFolder(NETWORK)))
      if (key.endsWith("000002.json")) world.store.objects.delete(key);
    deepStrictEqual(await world.archived(), {
      log: shipped + line(4, "four"),
      gaps: [
        "miner-1-abc/miner, run 1: lines that were shipped earlier do not read back, between 2026-11-20T10:00:00Z and 2026-11-20T10:00:04Z",
      ],
      parts: 2,
    });
  });

  it("names a segment that does not read back", async () => {
    await world.sync();
    const [key = ""] = [...world.store.objects.keys()].filter((one) => one.endsWith(".zst"));
    world.store.objects.set(key, Buffer.from("x"));
    deepStrictEqual((await world.archived()).gaps, [
      "miner-1-abc/miner, run 1: lines that were shipped earlier do not read back, between 2026-11-20T10:00:00Z and 2026-11-20T10:00:00Z",
    ]);
  });
});
