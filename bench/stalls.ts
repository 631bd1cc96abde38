import { runWith } from "../infra/base/lib/run";
import { effectiveGenesis } from "../infra/base/model/network-facts";
import { sampleNetwork, type VantagePoints, type WatchedNode } from "../infra/base/observe/network-sample";

import { samplingInterval } from "../infra/base/verdict/time";
import type { Terms } from "../infra/simmer/entry";
import { SimmerLog } from "../infra/simmer/log";
import { Spool } from "../infra/simmer/spool";
import { watchOnce } from "../infra/simmer/watch";
import { generator } from "../test/simulation/faults";
import { GENESIS, SimulatedChain } from "../test/simulation/simmer/chain";
import { SimulatedDisk, SimulatedStore } from "../test/simulation/simmer/media";
import type { Week } from "../test/simulation/simmer/week";
import { histogram } from "./histogram";
import { percentile } from "./tally";

/** How long after a stall's true start its verdict came. All but counts in seconds of virtual time. */
export interface Latency {
  readonly stalls: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Watches in which the verdict `stalled` came before the stall. */
  readonly falseStalls: number;
  /** Layers watched before the stalls, in all. */
  readonly layersBefore: number;
  /** Stalls without a verdict in {@link PATIENCE} layers. */
  readonly missed: number;
}

export interface StallFigures {
  /** Every layer is verified in its time until the stall. */
  readonly punctual: Latency;
  /** A share of the layers ({@link LATE_SHARE}) is verified a layer late. */
  readonly late: Latency;
  /** All latencies of punctual networks, ascending. */
  readonly latencies: readonly number[];
  readonly aimMet: boolean;
}

export const LAYER = 120;
/** The aim for the 99th percentile: two layers and 30 s. In seconds. */
export const AIM = 2 * LAYER + 30;
/** Share of layers that are verified a layer late, in the second run. */
export const LATE_SHARE = 0.05;

const NODES = 10;
const LAYERS_PER_EPOCH = 4;
/** Good layers before a stall: the judge knows the network's pace by then. */
const BEFORE = { least: 12, most: 52 };
/** Layers after which a stall counts as missed. */
const PATIENCE = 12;
/** Most seconds by which a clock is wrong. */
const SKEW = 2;
const WATCHER = "one";

/** Stalls many networks, each with its own seed from 1 on. The same code gives the same figures. */
export async function measureStalls(stalls: number): Promise<StallFigures> {
  const punctual = await stallMany(stalls, 0);
  const late = await stallMany(stalls, LATE_SHARE);
  const { latencies } = punctual;
  return { punctual: punctual.figures, late: late.figures, latencies, aimMet: punctual.figures.p99 <= AIM };
}

async function stallMany(stalls: number, lateShare: number): Promise<{ figures: Latency; latencies: number[] }> {
  const latencies: number[] = [];
  let [falseStalls, missed, layersBefore] = [0, 0, 0];
  for (let seed = 1; seed <= stalls; seed++) {
    const stall = drawStall(seed);
    const found = await watchUntilStalled(stall, lateShare);
    layersBefore += Math.floor((stall.at - stall.from) / LAYER);
    if (found === undefined) missed++;
    else if (found < stall.at) falseStalls++;
    else latencies.push(found - stall.at);
  }
  latencies.sort((a, b) => a - b);
  const [p50, p90, p99, max] = [50, 90, 99, 100].map((percent) => tenths(percentile(latencies, percent))) as Four;
  return { figures: { stalls, p50, p90, p99, max, falseStalls, layersBefore, missed }, latencies };
}
type Four = [number, number, number, number];

/** A permanent stall of a healthy network. Times are true ones, in seconds since genesis. */
interface Stall {
  readonly seed: number;
  /** The first sample, so that samples come at any phase of a layer. */
  readonly from: number;
  readonly at: number;
  readonly nodeSkew: readonly number[];
  readonly watcherSkew: number;
}

function drawStall(seed: number): Stall {
  const draw = generator(seed * 7919 + 17);
  for (let i = 0; i < 5; i++) draw(); // the first numbers of neighbouring seeds are alike
  const skew = () => (2 * draw() - 1) * SKEW;
  const from = effectiveGenesis({ layersPerEpoch: LAYERS_PER_EPOCH }) * LAYER + draw() * LAYER;
  const before = BEFORE.least + draw() * (BEFORE.most - BEFORE.least);
  return {
    seed,
    from,
    at: from + before * LAYER,
    nodeSkew: Array.from({ length: NODES }, skew),
    watcherSkew: skew(),
  };
}

/** @returns the true time of the sample with the first verdict `stalled`; undefined when there was none */
async function watchUntilStalled(stall: Stall, lateShare: number): Promise<number | undefined> {
  const week = weekOf(stall);
  const chain = new SimulatedChain(week);
  const isLate = lateLayers(stall.seed, lateShare);
  let now = stall.from;
  const run = runWith({
    clock: { now: () => GENESIS + (now + stall.watcherSkew) * 1000, sleep: async () => undefined },
  });
  const terms = termsOf(week, chain.genesisId);
  const points: VantagePoints = {
    nodes: terms.network.nodes.map((name) => ({ name, grpc: name, json: "" })),
    node: async (grpc, layer) => delayed(chain.answer(Number(grpc.slice("miner-".length)), now, layer), isLate),
    gateway: async () => ({}),
    explorer: async () => ({}),
    dashboard: async () => ({}),
  };
  const log = new SimmerLog(new SimulatedStore(), "v1.2.3+1", chain.genesisId);
  const spool = await Spool.open(
    new SimulatedDisk().seenBy(() => false),
    () => undefined,
  );
  const ask = (layer: number | undefined) => sampleNetwork(points, layer, run);
  for (; now < week.end; now += week.every) {
    await watchOnce({ terms, log, spool, watcher: WATCHER, every: week.every, ask }, run);
    if (log.state.memory.verdict === "stalled") return now;
  }
  return undefined;
}

const termsOf = ({ nodes, layerDuration, layersPerEpoch }: Week, genesisId: string): Terms => ({
  network: {
    nodes: Array.from({ length: nodes }, (_, i) => `miner-${i + 1}`),
    genesisId,
    genesisTime: GENESIS,
    layerDuration,
    layersPerEpoch,
  },
  thresholds: { usualLag: 2, stall: 2 },
  days: 7,
  day: 86_400,
});

function weekOf({ seed, at, nodeSkew }: Stall): Week {
  const end = at + PATIENCE * LAYER;
  return {
    seed,
    nodes: NODES,
    layerDuration: LAYER,
    layersPerEpoch: LAYERS_PER_EPOCH,
    every: samplingInterval({ layerDuration: LAYER }),
    end,
    failures: [{ kind: "stall", span: [at, end], isFatal: true }],
    slow: [],
    outages: [],
    blindness: [],
    partitions: [],
    liars: [],
    nodeSkew,
    spoiled: [],
    storeAway: [],
    watchers: [],
  };
}

/** Whether a layer is verified a layer late, the same for all nodes of a network. */
const lateLayers = (seed: number, share: number) => (layer: number) =>
  share > 0 && generator(seed * 104_729 + layer * 7919)() < share;

/**
 * An answer of a network with late layers. The last layer that a punctual network verified is still missing if it is a
 * late one; it comes with the next.
 */
const delayed = ({ status, ...answer }: WatchedNode, isLate: (layer: number) => boolean): WatchedNode => {
  const { verifiedLayer } = status;
  const lag = isLate(verifiedLayer) ? 1 : 0;
  return { ...answer, status: { ...status, verifiedLayer: verifiedLayer - lag } };
};

/** Renders the figures for people. */
export function renderStalls({ punctual, late, aimMet }: Omit<StallFigures, "latencies">): string {
  const of = (value: number) => `${value.toFixed(1)} s (${(value / LAYER).toFixed(2)} layers)`;
  const lines = ({ stalls, p50, p90, p99, max, falseStalls, layersBefore, missed }: Latency) => [
    `  p50 ${of(p50)}, p90 ${of(p90)}`,
    `  p99 ${of(p99)}, max ${of(max)}`,
    `  ${falseStalls} of ${stalls} found before they began, in ${layersBefore} layers; ${missed} not found`,
  ];
  return [
    `stalls     ${punctual.stalls} networks of ${NODES} nodes, layers of ${LAYER} s, from a stall to its verdict`,
    ...lines(punctual),
    `  aim ${AIM} s for p99: ${aimMet ? "met" : "not met"}`,
    `late       the same, with ${LATE_SHARE * 100} % of the layers verified a layer late`,
    ...lines(late),
    "",
  ].join("\n");
}

/** The distribution of the latencies as an SVG document. The same figures give the same bytes. */
export function pictureOfStalls({ punctual, latencies }: StallFigures): string {
  const { stalls, p50, p99, max } = punctual;
  return histogram({
    title: `From a stall to its verdict, ${stalls} stalls`,
    description: `Half within ${p50} s, 99 of 100 within ${p99} s, all within ${max} s; the aim is ${AIM} s.`,
    values: latencies,
    step: 5,
    axis: `seconds of virtual time, layers of ${LAYER} s`,
    marks: [
      { value: p50, name: `half: ${p50} s` },
      { value: p99, name: `99 of 100: ${p99} s` },
      { value: AIM, name: `aim: ${AIM} s` },
    ],
  });
}

const tenths = (seconds: number): number => Math.round(10 * seconds) / 10;
