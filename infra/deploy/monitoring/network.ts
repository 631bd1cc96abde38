import type { NetworkFacts } from "../../base/model/network-facts";
import { effectiveGenesis } from "../../base/model/network-facts";
import type { NetworkSpec, PoetPhases } from "../../base/model/network-spec";
import type { Settings } from "../../base/model/settings";
import { bytesOf } from "./bytes";

/** What targets, rules and messages are made from. Times are in seconds. */
export interface WatchedNetwork {
  /** Build tag, `v1.2.3+1`. */
  readonly tag: string;
  /** The driver tells of which era nodes are. Only today's have metrics of the chain. */
  readonly driver: Settings["driver"];
  /** Start of layer 0, since 1970. */
  readonly genesis: number;
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  readonly poetPhases: PoetPhases;
  /** Whether the network serves its first beacon. Without one, blocks begin an epoch later. */
  readonly hasFirstBeacon: boolean;
  /** Names of the managed nodes, `miner-1`. */
  readonly nodes: readonly string[];
  /** Names of the poets, `poet-1`. */
  readonly poets: readonly string[];
  /** Whether it has a tap. */
  readonly hasTap: boolean;
  /** Size of a node's disk, in bytes; absent where the driver chooses it. */
  readonly nodeDisk?: number;
  /** `HOST:PORT` of the watcher's metrics; absent when nobody told it. */
  readonly watcher?: string;
}

/** What else is watched. */
export interface Beside {
  /** Whether the network has a tap. */
  readonly tap: boolean;
  /** `HOST:PORT` at which the cluster reaches the watcher's metrics; empty when nobody told it. */
  readonly watcher: string;
}

/** The network as Prometheus watches it. */
export function watchedNetwork(facts: NetworkFacts, spec: NetworkSpec, { tap, watcher }: Beside): WatchedNetwork {
  const { kubernetes } = spec;
  const nodeDisk = kubernetes && bytesOf(kubernetes.resources.node.disk);
  return {
    tag: facts.tag,
    driver: facts.driver ?? "spacecraft",
    genesis: Date.parse(facts.genesisTime) / 1000,
    layerDuration: facts.layerDuration,
    layersPerEpoch: facts.layersPerEpoch,
    poetPhases: spec.poetPhases,
    // The driver serves a first beacon, unless the node config has a section of its own.
    hasFirstBeacon: kubernetes !== undefined && !("bootstrap" in kubernetes.nodeConfig),
    nodes: facts.nodes.map(({ name }) => name),
    poets: facts.poets.map(({ name }) => name),
    hasTap: tap,
    ...(nodeDisk === undefined ? {} : { nodeDisk }),
    ...(watcher ? { watcher } : {}),
  };
}

/** Length of an epoch, in seconds. */
export const epochOf = ({ layerDuration, layersPerEpoch }: WatchedNetwork): number => layerDuration * layersPerEpoch;

/** When blocks begin, in seconds since 1970. */
export function firstBlocks(network: WatchedNetwork): number {
  const layers = effectiveGenesis(network) + (network.hasFirstBeacon ? 0 : network.layersPerEpoch);
  return network.genesis + layers * network.layerDuration;
}

/** Longest pause between two scrapes, in seconds. Prometheus forgets a target after five minutes. */
const LONGEST_PAUSE = 30;

/** Pause between two scrapes, in seconds: four in a layer where it is short. */
export const scrapePause = ({ layerDuration }: Pick<WatchedNetwork, "layerDuration">): number =>
  Math.min(LONGEST_PAUSE, Math.max(1, Math.floor(layerDuration / 4)));
