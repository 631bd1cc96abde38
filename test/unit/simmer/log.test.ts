import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { UserError } from "../../../infra/base/lib/errors";
import { withTemporaryFolder } from "../../../infra/base/lib/temporary";
import { FolderStore } from "../../../infra/base/store/folder";
import { limitOfGap } from "../../../infra/base/verdict/time";
import { SimmerLog } from "../../../infra/simmer/log";
import { countedTime } from "../../../infra/simmer/progress";
import { replay } from "../../../infra/simmer/replay";
import { generator } from "../../simulation/faults";
import { type Guillotine, Killed, SimulatedDisk } from "../../simulation/simmer/media";
import { KILL_POINTS } from "../../simulation/simmer/week";
import { EVERY, NETWORK, THRESHOLDS } from "../../support/judged";
import { WatchedNetwork } from "../../support/watched";

const TAG = "v1.2.3+1";
const TERMS = { network: NETWORK, thresholds: THRESHOLDS, days: 7, day: 86_400 };

/** The samples of a network's log as `watcher serial`, and their times in seconds since genesis; proved by replay. */
async function samplesOf({ store }: WatchedNetwork): Promise<{ names: string[]; times: number[] }> {
  const log = new SimmerLog(store, TAG, NETWORK.genesisId);
  const [names, times]: [string[], number[]] = [[], []];
  for await (const { entry } of log.entries()) {
    if (entry.body.kind !== "sample") continue;
    names.push(`${entry.body.watcher} ${entry.body.serial}`);
    times.push((Date.parse(entry.body.sample.at) - NETWORK.genesisTime) / 1000);
  }
  await replay(log.entries());
  strictEqual(new Set(names).size, names.length, "a sample is in the log twice");
  return { names, times };
}

const sinceGenesis = ({ now }: WatchedNetwork): number => (now - NETWORK.genesisTime) / 1000;

/** The time between samples that follow each other without a gap, by the definition in docs/simmer.md. */
const watchedTime = (times: readonly number[]): number =>
  times.reduce((sum, time, i) => {
    const gap = time - (times[i - 1] ?? time);
    return gap <= limitOfGap(EVERY) ? sum + gap : sum;
  }, 0);

describe("the log of a simmer", () => {
  it("is one chain of two watchers, and counts no time twice", async () => {
    const world = WatchedNetwork.make();
    const watchers = [
      await world.watcher(TAG, { watcher: "one" }),
      await world.watcher(TAG, { watcher: "two" }),
    ] as const;
    for (let i = 0; i < 40; i++) {
      await Promise.all(watchers.map((watcher) => watcher.look(world.run)));
      world.now += EVERY * 1000;
    }
    const { names, times } = await samplesOf(world);
    strictEqual(names.length, 80);
    const log = new SimmerLog(world.store, TAG, NETWORK.genesisId);
    await log.open();
    const { memory } = log.state;
    strictEqual(countedTime(log.state) + memory.pending, watchedTime(times));
    strictEqual(watchedTime(times), 39 * EVERY);
  });

  it("is the same in a folder that two watchers share", () =>
    withTemporaryFolder(async (folder) => {
      const world = WatchedNetwork.make();
      const logs = [1, 2].map(() => new SimmerLog(new FolderStore(folder), TAG, NETWORK.genesisId));
      const at = new Date(world.now).toISOString();
      await Promise.all(logs.map((log) => log.agree(TERMS)));
      await Promise.all(
        logs
          .flatMap((log) =>
            [0, 1, 2].map((day) => () => log.add(() => ({ body: { kind: "visit", at, day, seen: [] } }))),
          )
          .map((add) => add()),
      );
      const { entries, state } = await replay(new SimmerLog(new FolderStore(folder), TAG, NETWORK.genesisId).entries());
      deepStrictEqual([entries, state.visits], [7, [0, 1, 2]]);
    }));

  it("does not add an entry twice whose writing was not confirmed", async () => {
    const world = WatchedNetwork.make();
    const watcher = await world.watcher(TAG);
    await world.looks(watcher, 1);
    const put = world.store.put.bind(world.store);
    world.store.put = async (key, content) => {
      await put(key, content);
      world.store.put = put;
      throw new UserError("StoreUnwritable", "The connection broke off.", "");
    };
    await world.looks(watcher, 1);
    deepStrictEqual(
      (await samplesOf(world)).names,
      [1, 2, 3, 4, 5, 6, 7, 8].map((serial) => `one ${serial}`),
    );
  });

  it("gets every sample of a job that takes one and ends", async () => {
    const world = WatchedNetwork.make();
    const disk = new SimulatedDisk();
    for (let i = 0; i < 10; i++) {
      world.now += EVERY * 1000;
      await (await world.watcher(TAG, {}, { disk })).watch(world.run, true);
    }
    strictEqual((await samplesOf(world)).names.length, 10);
  });

  it("gets state roots from a job that takes one sample and ends", async () => {
    const world = WatchedNetwork.make();
    const disk = new SimulatedDisk();
    const asked: (number | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      world.now += EVERY * 1000;
      const watcher = await world.watcher(TAG, {}, { disk });
      const { ask } = watcher.options;
      const options = {
        ...watcher.options,
        ask: (layer: number | undefined) => {
          asked.push(layer);
          return ask(layer);
        },
      };
      await (await world.watcher(TAG, options, { disk })).watch(world.run, true);
    }
    deepStrictEqual(asked, [undefined, 18, 18]);
  });

  it("gets all samples in order after the store was away for an hour, also of a watcher that started meanwhile", async () => {
    const world = WatchedNetwork.make();
    const disk = new SimulatedDisk();
    await world.looks(await world.watcher(TAG, {}, { disk }), 5);
    world.store.isAway = true;
    const watcher = await world.watcher(TAG, {}, { disk });
    await world.looks(watcher, 20);
    strictEqual(watcher.waiting, 80);
    const other = await world.watcher(TAG, {}, { disk });
    await world.looks(other, 10);
    world.store.isAway = false;
    await world.looks(other, 1);
    strictEqual(other.waiting, 0);
    const { names, times } = await samplesOf(world);
    deepStrictEqual(
      names,
      Array.from({ length: 144 }, (_, i) => `one ${i + 1}`),
    );
    deepStrictEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    strictEqual(countedTime(other.options.log.state) + other.options.log.state.memory.pending, watchedTime(times));
  });

  for (const seed of [1, 2, 3]) {
    it(`keeps an unbroken chain and an exact clock through 50 restarts at random (seed ${seed})`, async () => {
      const draw = generator(seed);
      const world = WatchedNetwork.make();
      const disk = new SimulatedDisk();
      const kept: number[] = [];
      const run = async (looks: number, point: (typeof KILL_POINTS)[number] | undefined) => {
        let isArmed = false;
        const dies: Guillotine = (at) => isArmed && at === point;
        const watcher = await world.watcher(TAG, {}, { disk, dies });
        for (let i = 1; i <= looks; i++) {
          isArmed = i === looks;
          const at = sinceGenesis(world);
          const died = await watcher.look(world.run).then(
            () => false,
            (error: unknown) => {
              if (!(error instanceof Killed)) throw error;
              return true;
            },
          );
          if (!died || point !== "torn-line") kept.push(at);
          world.now += EVERY * 1000;
        }
        return watcher;
      };
      for (let restart = 0; restart < 50; restart++) {
        await run(1 + Math.floor(draw() * 20), KILL_POINTS[Math.floor(draw() * KILL_POINTS.length)]);
        world.now += Math.floor(draw() * (draw() < 0.7 ? 20 : 900) * 1000);
        // The store may be away while the watcher starts.
        if (draw() < 0.2) {
          world.store.isAway = true;
          await run(1 + Math.floor(draw() * 5), undefined);
          world.store.isAway = false;
        }
      }
      const last = await run(20, undefined);
      while (last.options.log.state.memory.pending > 0) {
        kept.push(sinceGenesis(world));
        await last.look(world.run);
        world.now += EVERY * 1000;
      }
      const { times } = await samplesOf(world);
      deepStrictEqual(times, kept);
      const error = countedTime(last.options.log.state) - watchedTime(kept);
      ok(Math.abs(error) <= 1, `the clock is wrong by ${error} s`);
    });
  }

  it("says that a network was never watched", async () => {
    const { store } = WatchedNetwork.make();
    await rejects(new SimmerLog(store, TAG, NETWORK.genesisId).terms(), { code: "SimmerLogMissing" });
  });

  it("is another one for a network that is deployed again under the same tag", async () => {
    const world = WatchedNetwork.make();
    await world.looks(await world.watcher(TAG), 1);
    const again = new SimmerLog(world.store, TAG, "bb");
    await again.open();
    strictEqual(again.last, undefined);
  });
});
