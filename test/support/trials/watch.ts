import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { SimmerLog } from "../../../infra/simmer/log";
import { countedTime } from "../../../infra/simmer/progress";
import { replay } from "../../../infra/simmer/replay";
import type { NetworkWatcher } from "../../../infra/simmer/watcher";
import { type Guillotine, Killed, SimulatedDisk } from "../../simulation/simmer/media";
import { EVERY, NETWORK } from "../judged";
import { WatchedNetwork } from "../watched";
import { type Trial, trialInput } from "./trial";

const TAG = "v1.2.3+1";
const HOUR = 3600;
const START = "2026-11-01T00:00:00Z";

/** Hours from the start of the watch at which the trial's events happen. */
function hoursOf(input: string): number[] {
  const [, ...rows] = input.trim().split("\n");
  return rows.map((row) => (Date.parse(row.slice(0, START.length)) - Date.parse(START)) / (HOUR * 1000));
}

/** A watch of 48 hours that many things disturb. */
class DisturbedWatch {
  readonly world = WatchedNetwork.make();
  readonly log = new SimmerLog(this.world.store, TAG, NETWORK.genesisId);
  readonly disk = new SimulatedDisk();
  private watchers: NetworkWatcher[] = [];
  private readonly started = this.world.now;

  /** Starts the watcher, on the disk of the one before. It looks at once. */
  async start(dies?: Guillotine): Promise<void> {
    const watcher = await this.world.watcher(TAG, {}, { disk: this.disk, ...(dies && { dies }) });
    this.watchers = [watcher];
    await watcher.look(this.world.run);
  }

  /** Starts a second watcher, with a disk of its own. */
  async startSecond(): Promise<void> {
    this.watchers.push(await this.world.watcher(TAG, { watcher: "two" }));
  }

  stopSecond(): void {
    this.watchers.pop();
  }

  /** Looks every 30 s until some hours after the start, by true time. */
  async until(hours: number): Promise<void> {
    const end = this.started + Math.round(hours * HOUR) * 1000;
    while (this.world.now + EVERY * 1000 <= end) {
      this.world.now += EVERY * 1000;
      for (const watcher of this.watchers) await watcher.look(this.world.run);
    }
  }
}

/** T44: clocks and restarts of the watcher. */
export const disturbedWatch: Trial = async () => {
  const [, kill = 0, back = 0, right = 0, sleep = 0, twins = 0, away = 0, torn = 0, , end = 0] = hoursOf(
    trialInput("T44", "events.tsv"),
  );
  const watch = new DisturbedWatch();
  const { world, disk, log } = watch;
  let isTime = false;
  await watch.start((point) => isTime && point === "torn-line");
  await watch.until(kill - EVERY / HOUR);
  isTime = true;
  await rejects(watch.until(kill), Killed);
  world.now += 40_000;
  await watch.start();

  await watch.until(back);
  world.skew = -HOUR;
  await watch.until(right);
  world.skew = 0;
  await watch.until(sleep);
  world.now += 8 * HOUR * 1000; // suspended

  await watch.until(twins);
  await watch.startSecond();
  await watch.until(twins + 2);
  watch.stopSecond();

  await watch.until(away);
  world.store.isAway = true;
  await watch.until(away + 0.5);
  world.store.isAway = false;

  await watch.until(torn);
  disk.text = disk.text.slice(0, -100);
  await watch.start();
  await watch.until(end);

  await log.open();
  const counted = countedTime(log.state) + log.state.memory.pending;
  const whole = 48 * HOUR - 40 - 8 * HOUR;
  // An interval for each of kill, sleep, store and torn end. A wrong clock costs less than a layer at each of its ends.
  const least = whole - 4 * EVERY - 2 * NETWORK.layerDuration;
  ok(counted <= whole && counted >= least, `${counted} s count, of ${whole} s`);
  const proved = await replay(log.entries());
  deepStrictEqual(proved.state.memory, log.state.memory);

  const keys = [...world.store.objects.keys()];
  const changed = keys[Math.floor(keys.length / 2)] ?? "";
  const number = /(\d+)\.json$/.exec(changed)?.[1] ?? "none";
  world.store.objects.set(changed, (world.store.objects.get(changed) ?? "").replace('"synced":true', '"synced":false'));
  const error = await replay(new SimmerLog(world.store, TAG, NETWORK.genesisId).entries()).catch(
    (fault: Error) => fault,
  );
  ok(error instanceof Error && error.message.includes(String(Number(number))), `${changed}: ${error}`);
  strictEqual(disk.repeated.length, 0);
};
