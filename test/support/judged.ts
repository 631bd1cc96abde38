import type { NetworkSample, NodeSample } from "../../infra/base/model/sample";
import type { Evidence } from "../../infra/base/verdict/judge";
import { judge } from "../../infra/base/verdict/judge";
import { type Memory, NOTHING } from "../../infra/base/verdict/memory";
import type { JudgedNetwork } from "../../infra/base/verdict/thresholds";

/** Layers of 120 s, epochs of 4: the effective genesis is layer 8. */
export const NETWORK: JudgedNetwork = {
  nodes: ["miner-1", "miner-2", "miner-3", "miner-4", "miner-5"],
  genesisId: "aa",
  genesisTime: Date.parse("2026-01-01T00:00:00Z"),
  layerDuration: 120,
  layersPerEpoch: 4,
};
export const THRESHOLDS = { usualLag: 2, stall: 2 };
export const EVERY = 30;

/** What one node says; `silent` for none. */
export type Says = "silent" | { top?: number; verified?: number; synced?: number; root?: string; genesisId?: string };

type Services = Partial<Pick<NetworkSample, "gateway" | "explorer" | "dashboard">>;

/** Samples a network of five again and again. By default all nodes say the same, two layers behind the clock. */
export class Sampler {
  memory: Memory = NOTHING;
  evidence: Evidence | undefined;
  private serial = 0;

  /** @param time seconds since genesis, by the watcher's clock */
  at(
    time: number,
    says: Record<string, Says> = {},
    more: { watcher?: string; clock?: number; common?: Says; services?: Services } = {},
  ): this {
    const { watcher = "one", clock = time, common = {} } = more;
    const layer = Math.floor(time / NETWORK.layerDuration);
    const at = new Date(NETWORK.genesisTime + clock * 1000).toISOString();
    const byNode: Record<string, string> = {};
    const nodes = NETWORK.nodes.map((node): NodeSample => {
      const said = says[node] ?? common;
      if (said === "silent") return { node, at, reachable: false, error: "no answer" };
      const { top = layer, verified = Math.max(layer - 2, 7), synced = top, root = "r", genesisId = "aa" } = said;
      byNode[node] = root;
      return {
        node,
        at,
        reachable: true,
        genesisId,
        synced: true,
        topLayer: top,
        syncedLayer: synced,
        verifiedLayer: verified,
      };
    });
    const { verified } = this.memory;
    const sample: NetworkSample = {
      at,
      nodes,
      ...(verified !== undefined && { roots: { layer: verified, byNode } }),
      gateway: { reachable: true },
      explorer: { reachable: true },
      dashboard: { reachable: true },
      ...more.services,
    };
    const sampling = { sample, watcher, serial: ++this.serial, every: EVERY };
    const { memory, evidence } = judge(NETWORK, THRESHOLDS, this.memory, sampling);
    this.memory = memory;
    this.evidence = evidence;
    return this;
  }

  /** Samples from one time to another. */
  through(
    from: number,
    to: number,
    says: Record<string, Says> = {},
    more: { watcher?: string; common?: Says } = {},
  ): this {
    for (let time = from; time <= to; time += EVERY) this.at(time, says, more);
    return this;
  }
}

/** The start of a layer, in seconds since genesis. */
export const layer = (number: number): number => number * NETWORK.layerDuration;
