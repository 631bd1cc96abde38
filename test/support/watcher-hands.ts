import { UserError } from "../../infra/base/lib/errors";
import type { Run } from "../../infra/base/lib/run";
import { SimmerLog } from "../../infra/simmer/log";
import type { Hands, NetworkWatcher, WatcherOptions } from "../../infra/simmer/watcher";
import { SimulatedDisk } from "../simulation/simmer/media";
import { NETWORK } from "./judged";
import { IDLE, WatchedNetwork } from "./watched";

/** The network that is watched. */
export const TAG = "v1.2.3+1";

/** What the hands of all watchers of a world did, and what they said. */
function hands(world: WatchedNetwork, more: Partial<Hands> = {}) {
  const did: string[] = [];
  const said: string[] = [];
  const titles: string[] = [];
  const reasons: string[] = [];
  const all: Hands = {
    ...IDLE,
    async alert(message) {
      const { title, description } = (message as { embeds: [{ title: string; description: string }] }).embeds[0];
      did.push("alert");
      titles.push(title);
      reasons.push(description);
    },
    async retire(why, verdict) {
      did.push(`retire ${verdict}`);
      reasons.push(why);
    },
    ...more,
  };
  const run: Run = { ...world.run, say: (line) => void said.push(line) };
  /** Looks for some layers, or until a watcher has retired the network. */
  const looks = async (watchers: readonly NetworkWatcher[], layers: number): Promise<number> => {
    for (let at = 30; at <= layers * NETWORK.layerDuration; at += 30) {
      world.now += 30_000;
      const retired = await Promise.all(watchers.map((watcher) => watcher.look(run)));
      if (retired.includes(true)) return at / NETWORK.layerDuration;
    }
    return Number.POSITIVE_INFINITY;
  };
  return { did, said, titles, reasons, run, looks, all };
}

/** A world whose network has been watched for five layers. */
export async function begun(more: Partial<Hands> = {}, options: Partial<WatcherOptions> = {}) {
  const world = WatchedNetwork.make();
  const told = hands(world, more);
  const disk = new SimulatedDisk();
  const start = (changed: Partial<WatcherOptions> = {}) =>
    world.watcher(TAG, { hands: told.all, ...options, ...changed }, { disk });
  const watcher = await start();
  await told.looks([watcher], 5);
  return { world, watcher, start, ...told };
}

/** The network verifies nothing from now on. */
export const stall = (world: WatchedNetwork) => {
  world.stuckAt = Math.floor((world.now - NETWORK.genesisTime) / 1000 / NETWORK.layerDuration) - 2;
};

/** The kinds of all entries of the log. */
export const kindsIn = async ({ store }: WatchedNetwork): Promise<string[]> => {
  const kinds: string[] = [];
  for await (const { entry } of new SimmerLog(store, TAG, NETWORK.genesisId).entries()) kinds.push(entry.body.kind);
  return kinds;
};

/** A hand that fails. */
export const broken = (what: string) => async (): Promise<never> => {
  throw new UserError("Broken", `${what} is away.`, "");
};
