import { durationAt, effective, type NodeConfig, numberAt } from "./node-config-value";
import type { Preset } from "./presets";
import type { KubernetesNetworkSpec } from "./spec";

/** A rule that numbers break. */
export interface Broken {
  /** Its name, for tests and for those who search: `hare`. */
  readonly rule: string;
  /** The numbers that break it, as a sentence. */
  readonly numbers: string;
  /** What to change, as a sentence. */
  readonly fix: string;
}

/** What the rules read besides the nodes' config. Times are in seconds. */
export interface NetworkNumbers {
  readonly layerDuration: number;
  readonly layersPerEpoch: number;
  readonly genesisDelay: number;
  readonly hrp: string;
  /** Empty for the preset's own. */
  readonly coinbase: string;
  readonly miners: number;
  readonly bootnodes: number;
  readonly smeshers: number;
  readonly poets: number;
  /** What the poets are started with. */
  readonly poet: { readonly epochDuration: number; readonly phaseShift: number; readonly cycleGap: number };
  /** What the driver writes into the config, and computes the genesis id from. */
  readonly genesis: { readonly time: string; readonly extraData: string };
}

/** The numbers of a network that has a genesis time, or will have one. */
export const networkNumbers = (spec: KubernetesNetworkSpec, genesisTime: string): NetworkNumbers => ({
  layerDuration: spec.layerDuration,
  layersPerEpoch: spec.layersPerEpoch,
  genesisDelay: spec.genesisDelay * 60,
  hrp: spec.kubernetes.hrp,
  coinbase: spec.kubernetes.coinbase,
  miners: spec.miners,
  bootnodes: spec.bootnodes,
  smeshers: spec.kubernetes.smeshers,
  poets: spec.poets,
  poet: { epochDuration: spec.layerDuration * spec.layersPerEpoch, ...spec.poetPhases },
  genesis: { time: genesisTime, extraData: spec.tag },
});

/** A config over its preset, with the values that most rules need. */
export interface Checked {
  readonly network: NetworkNumbers;
  /** What a node makes of preset and file. */
  readonly config: NodeConfig;
  /** Length of a layer and of an epoch in milliseconds; undefined when the config does not say them. */
  readonly layer: number | undefined;
  readonly epoch: number | undefined;
  /** The duration at a path in milliseconds. */
  ms(section: string, key: string): number | undefined;
  count(section: string, key: string): number | undefined;
}

export function checkedOf(file: NodeConfig, preset: Preset, network: NetworkNumbers): Checked {
  const config = effective(preset, file);
  const layer = durationAt(config, "main", "layer-duration") || undefined;
  const layers = numberAt(config, "main", "layers-per-epoch") || undefined;
  return {
    network,
    config,
    layer,
    epoch: layer === undefined || layers === undefined ? undefined : layer * layers,
    ms: (section, key) => durationAt(config, section, key),
    count: (section, key) => numberAt(config, section, key),
  };
}

/** Whether both are known and the first is greater. */
export const above = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a > b;

/** Whether both are known and the first is not less. */
export const notBelow = (a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a >= b;

/** Milliseconds as a text for people: `12.8 s`. */
export const secondsText = (ms: number | undefined): string => `${(ms ?? 0) / 1000} s`;
