import { effectiveGenesis } from "../model/network-facts";
import type { AnsweredSample, NodeSample } from "../model/sample";
import { clockSlack, type JudgedNetwork, quorumOf } from "./thresholds";

/** Why an answer counts for nothing. */
export type Implausible = "another genesis" | "impossible layers" | "another clock";

/** The answers of one sample that can be true together. */
export interface Plausible {
  readonly nodes: readonly AnsweredSample[];
  /** Nodes that did not answer, or are missing from the sample. */
  readonly silent: readonly string[];
  /** Nodes whose answer cannot be true. */
  readonly implausible: Readonly<Record<string, Implausible>>;
  /** Layer of the network's clock, on which a quorum agrees; absent when no quorum does. */
  readonly top?: number;
}

/** Sorts the answers of a sample out. A quorum's clocks agree, so one node's clock never becomes the network's. */
export function plausible(network: JudgedNetwork, samples: readonly NodeSample[]): Plausible {
  const byName = new Map(samples.map((sample) => [sample.node, sample]));
  const silent: string[] = [];
  const implausible: Record<string, Implausible> = {};
  const possible: AnsweredSample[] = [];
  for (const name of network.nodes) {
    const sample = byName.get(name);
    if (!sample?.reachable) silent.push(name);
    else {
      const why = impossible(network, sample);
      if (why) implausible[name] = why;
      else possible.push(sample);
    }
  }
  const agreed = agreedTop(
    possible.map(({ topLayer }) => topLayer),
    clockSlack(network),
    quorumOf(network),
  );
  if (!agreed) return { nodes: possible, silent, implausible };
  const nodes: AnsweredSample[] = [];
  for (const sample of possible) {
    if (sample.topLayer >= agreed.from && sample.topLayer <= agreed.to) nodes.push(sample);
    else implausible[sample.node] = "another clock";
  }
  return { nodes, silent, implausible, top: agreed.top };
}

/**
 * The layer on which a quorum of clocks agrees.
 * @param slack layers by which good clocks may differ
 * @param quorum number of clocks that decide
 * @returns the layer, and the lowest and highest that agree with it; undefined when no quorum agrees
 */
export function agreedTop(
  tops: readonly number[],
  slack: number,
  quorum: number,
): { readonly top: number; readonly from: number; readonly to: number } | undefined {
  const sorted = [...tops].sort((a, b) => a - b);
  const { from, count } = densest(sorted, slack);
  if (count < quorum) return undefined;
  const to = from + slack;
  return { top: median(sorted.filter((top) => top >= from && top <= to)), from, to };
}

function impossible(network: JudgedNetwork, sample: AnsweredSample): Implausible | undefined {
  const { genesisId, topLayer, syncedLayer, verifiedLayer } = sample;
  if (genesisId !== undefined && genesisId !== network.genesisId) return "another genesis";
  if (!isLayer(topLayer) || !isLayer(verifiedLayer)) return "impossible layers";
  // A peer with a fast clock makes a node believe in layers to come (spacemeshos/go-spacemesh#2365).
  const isAhead = [verifiedLayer, syncedLayer].some((layer) => isAheadOfClock(layer, topLayer, network));
  return isAhead ? "impossible layers" : undefined;
}

/**
 * Whether a node cannot have verified or synced a layer, since its own clock has not reached that layer. One layer is
 * taken from everybody: until the effective genesis, nodes call the last empty layer synced and verified from their
 * first second on, also before genesis (go-spacemesh types.GetEffectiveGenesis, mesh/mesh.go NewMesh).
 * @param topLayer layer of the node's clock
 */
export const isAheadOfClock = (
  layer: number,
  topLayer: number,
  network: Pick<JudgedNetwork, "layerDuration" | "layersPerEpoch">,
): boolean => layer > topLayer + clockSlack(network) && layer !== effectiveGenesis(network) - 1;

const isLayer = (layer: number): boolean => Number.isSafeInteger(layer) && layer >= 0;

/** The window of a width that holds most of some sorted numbers; of several, the lowest. */
function densest(sorted: readonly number[], width: number): { from: number; count: number } {
  let best = { from: 0, count: 0 };
  for (let first = 0, last = 0; first < sorted.length; first++) {
    const from = sorted[first] as number;
    while (last < sorted.length && (sorted[last] as number) <= from + width) last++;
    if (last - first > best.count) best = { from, count: last - first };
  }
  return best;
}

/** The lower of the two middle numbers, where there are two. */
function median(numbers: number[]): number {
  numbers.sort((a, b) => a - b);
  return numbers[(numbers.length - 1) >> 1] as number;
}
