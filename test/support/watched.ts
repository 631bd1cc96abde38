import type { Clock } from "../../infra/base/lib/clock";
import { type Run, runWith } from "../../infra/base/lib/run";
import { sampleNetwork } from "../../infra/base/observe/network-sample";
import { SimmerLog } from "../../infra/simmer/log";
import { Spool } from "../../infra/simmer/spool";
import { type Hands, NetworkWatcher, type WatcherOptions } from "../../infra/simmer/watcher";
import { type Guillotine, SimulatedDisk, SimulatedStore } from "../simulation/simmer/media";
import { EVERY, layer, NETWORK, THRESHOLDS } from "./judged";

const ALIVE: Guillotine = () => false;

/** Hands that reach nothing. */
export const IDLE: Hands = {
  visit: async () => [],
  known: async () => [],
  summarize: async () => undefined,
  publish: async () => undefined,
  runs: async () => true,
  channels: async () => [],
  ship: async () => undefined,
  retire: async () => undefined,
  recap: async () => undefined,
};

/** A watcher of a played network whose nodes all verify two layers behind the clock, or stand at one layer. */
export class WatchedNetwork {
  readonly store = new SimulatedStore();
  /** Milliseconds since 1970. */
  now = NETWORK.genesisTime + layer(20) * 1000;
  stuckAt: number | undefined;
  /** Names of nodes that follow, and do not call themselves synced. */
  neverSynced: readonly string[] = [];
  /** Seconds by which the watchers' clock is ahead of the nodes'. */
  skew = 0;
  readonly run: Run;

  private constructor(clock: Omit<Clock, "now">) {
    this.run = runWith({ clock: { now: () => this.now + this.skew * 1000, ...clock } });
  }

  static make = (): WatchedNetwork => new WatchedNetwork({ sleep: async () => undefined });

  /** @param process the disk of a watcher that starts again, and where it is killed */
  async watcher(
    tag: string,
    more: Partial<WatcherOptions> = {},
    { disk = new SimulatedDisk(), dies = ALIVE }: { disk?: SimulatedDisk; dies?: Guillotine } = {},
  ): Promise<NetworkWatcher> {
    const nodes = NETWORK.nodes.map((name) => ({ name, grpc: name, json: "" }));
    const service = async () => ({});
    const node = async (name: string) => {
      const top = Math.floor((this.now - NETWORK.genesisTime) / 1000 / NETWORK.layerDuration);
      const verified = this.stuckAt ?? top - 2;
      const isSynced = !this.neverSynced.includes(name);
      const status = { connectedPeers: 4, isSynced, syncedLayer: top, topLayer: top, verifiedLayer: verified };
      return { genesisId: NETWORK.genesisId, root: "r", status };
    };
    const points = { nodes, node, gateway: service, explorer: service, dashboard: service };
    return new NetworkWatcher({
      tag,
      page: "http://localhost/",
      terms: { network: NETWORK, thresholds: THRESHOLDS, days: 7, day: 86_400 },
      log: new SimmerLog(this.store.seenBy(dies), tag, NETWORK.genesisId),
      spool: await Spool.open(disk.seenBy(dies), () => undefined),
      watcher: "one",
      every: EVERY,
      ask: (at) => sampleNetwork(points, at, this.run),
      hands: IDLE,
      limit: 30,
      act: "retire",
      ...more,
    });
  }

  /** Looks again and again for some layers. */
  async looks(watcher: NetworkWatcher, layers: number): Promise<void> {
    for (let at = 0; at < layers * NETWORK.layerDuration; at += EVERY) {
      this.now += EVERY * 1000;
      await watcher.look(this.run);
    }
  }
}
