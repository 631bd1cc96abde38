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
  const slack = clockSlack(network);
  const { from, count } = densest(
    possible.map(({ topLayer }) => topLayer).sort((a, b) => a - b),
    slack,
  );
  if (count < quorumOf(network)) return { nodes: possible, silent, implausible };
  const nodes: AnsweredSample[] = [];
  for (const sample of possible) {
    if (sample.topLayer >= from && sample.topLayer <= from + slack) nodes.push(sample);
    else implausible[sample.node] = "another clock";
  }
  return { nodes, silent, implausible, top: median(nodes.map(({ topLayer }) => topLayer)) };
}

function impossible(network: JudgedNetwork, sample: AnsweredSample): Implausible | undefined {
  const { genesisId, topLayer, verifiedLayer } = sample;
  if (genesisId !== undefined && genesisId !== network.genesisId) return "another genesis";
  if (!isLayer(topLayer) || !isLayer(verifiedLayer)) return "impossible layers";
  // Until the effective genesis, a node calls the last empty layer verified, whatever its clock says.
  const highest = Math.max(topLayer + clockSlack(network), effectiveGenesis(network) - 1);
  return verifiedLayer > highest ? "impossible layers" : undefined;
}

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
