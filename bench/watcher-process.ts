import { pathToFileURL } from "node:url";
import { KeptClients } from "../infra/base/clients/node/kept";
import { runWith } from "../infra/base/lib/run";
import { sampleNetwork } from "../infra/base/observe/network-sample";
import { vantagePoints } from "../infra/base/observe/vantage";
import { openStore } from "../infra/base/store/open";
import { WatcherFolder } from "../infra/simmer/disk";
import { SimmerLog } from "../infra/simmer/log";
import { Spool } from "../infra/simmer/spool";
import { NetworkWatcher } from "../infra/simmer/watcher";
import { newKey } from "./record-key";
import type { Served, Serving } from "./watched-networks";

/*
 * Watches networks for `bench watch` as `smeshnet simmer watch` does, in a process of its own. In place of the time
 * between two samples the parent moves the virtual clock.
 */

/** What the parent sends first. */
export interface Assignment extends Serving {
  /** Folder of the store. */
  readonly store: string;
  /** Folder in which samples wait. */
  readonly folder: string;
  /** Time between two samples, in seconds. */
  readonly every: number;
}

/** What the process sends after each look at all networks. */
export interface Looked {
  /** CPU time of the process so far, user and system, in microseconds. */
  readonly cpu: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** Verdicts, in the order of the networks. */
  readonly verdicts: readonly string[];
}

/** Hands that do nothing. */
const HANDS = {
  visit: async () => [{ what: "explorer", ok: true, saw: "it" }],
  known: async () => [],
  summarize: async () => undefined,
  publish: async () => undefined,
  runs: async () => true,
  channels: async () => [],
  ship: async () => undefined,
  retire: async () => undefined,
  recap: async () => undefined,
};

let now = 0;
const run = runWith({ clock: { now: () => now, sleep: async () => undefined } });

async function watcherOf(network: Served, { dns, zone, store, folder, every }: Assignment): Promise<NetworkWatcher> {
  const { tag, nodes, endpoints, genesisId, genesisTime, layerDuration, layersPerEpoch } = network;
  const clients = new KeptClients();
  const names = { servers: [dns], zone };
  const own = await watcherFolder(folder);
  return new NetworkWatcher({
    tag,
    page: endpoints.page,
    terms: {
      network: { nodes: nodes.map(({ name }) => name), genesisId, genesisTime, layerDuration, layersPerEpoch },
      thresholds: { usualLag: 2, stall: 2 },
      days: 7,
      day: 86_400,
    },
    log: new SimmerLog(openStore(pathToFileURL(store).href, newKey()), tag, genesisId),
    spool: await Spool.open(own.medium(tag), () => undefined),
    watcher: own.id,
    every,
    ask: (layer) => sampleNetwork(vantagePoints({ nodes }, endpoints, names, clients), layer, run),
    hands: HANDS,
    limit: 30,
    act: "alert",
  });
}

let opened: Promise<WatcherFolder> | undefined;
const watcherFolder = (folder: string): Promise<WatcherFolder> => {
  opened ??= WatcherFolder.open(folder);
  return opened;
};

async function look(watchers: readonly NetworkWatcher[]): Promise<Looked> {
  for (const watcher of watchers) await watcher.look(run);
  const { user, system } = process.cpuUsage();
  const verdicts = watchers.map(({ options }) => options.log.state.memory.verdict);
  return { cpu: user + system, memory: process.memoryUsage.rss(), verdicts };
}

let watchers: Promise<NetworkWatcher[]> | undefined;
process.on("disconnect", () => process.exit());
process.on("message", async (message: Assignment | number) => {
  if (typeof message !== "number") {
    watchers = Promise.all(message.networks.map((network) => watcherOf(network, message)));
    return;
  }
  now = message;
  process.send?.(await look((await watchers) ?? []));
});
