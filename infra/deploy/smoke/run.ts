import { type Clock, realClock } from "../../base/lib/clock";
import type { NetworkFacts } from "../../base/model/network-facts";
import { BY_CLIENTS, type NodeCalls, said } from "../../base/observe/nodes";
import { type Check, isFinal, judge } from "./checks";
import type { Expectation, NodeSample, Observation } from "./observation";
import type { SmokeReport } from "./report";

export interface SmokeRun {
  readonly facts: NetworkFacts;
  readonly expected: Expectation;
  /** How many layers after the later of now and the effective genesis everything must be well. */
  readonly limitLayers: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** The machine's own unless told. */
  readonly clock?: Clock;
  /** Over the network unless told. */
  readonly asking?: NodeCalls;
}

/**
 * Looks at the network twice a layer until every check passes, one cannot pass any more, or the limit is over. Time is
 * counted in layers of the network's own clock. The first look is at once, even before genesis: a node of another genesis
 * or version need not be waited for.
 */
export async function runSmoke(run: SmokeRun): Promise<SmokeReport> {
  const { facts, expected, limitLayers, signal, say, clock = realClock, asking = BY_CLIENTS } = run;
  const started = new Date(clock.now());
  const layer = () => layerAt(facts, clock.now());
  const from = layer();
  const lastLayer = Math.max(from, expected.effectiveGenesis) + limitLayers;
  say(
    `smoke test of ${expected.tag}: layer ${from}, effective genesis ${expected.effectiveGenesis}, limit layer ${lastLayer}`,
  );

  let seen: Observation = { first: [], last: [], poets: [] };
  let checks: Check[] = [];
  for (let said = ""; ; ) {
    seen = await look(asking, facts, expected, seen);
    checks = judge(seen, expected);
    const open = checks.filter(({ status }) => status !== "passed");
    const state = open.length === 0 ? "all checks pass" : `open: ${open.map(({ name }) => name).join(", ")}`;
    const now = `layer ${layer()}: ${state}`;
    if (now !== said) say(now); // at least once a layer, which may take minutes
    said = now;
    if (open.length === 0 || open.some(isFinal) || layer() >= lastLayer) break;
    await nextLook(facts, clock, signal, say);
  }
  return {
    schema: 1,
    tag: expected.tag,
    startedAt: started.toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    layers: { from, to: layer() },
    checks,
    passed: checks.every(({ status }) => status === "passed"),
  };
}

/** Layer of a network's clock at a time in milliseconds; 0 before genesis. Pure. */
export const layerAt = ({ genesisTime, layerDuration }: NetworkFacts, time: number): number =>
  Math.max(0, Math.floor((time - Date.parse(genesisTime)) / (layerDuration * 1000)));

/** Waits for half a layer, or for genesis while there is none. */
async function nextLook(
  { genesisTime, layerDuration }: NetworkFacts,
  clock: Clock,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const untilGenesis = Date.parse(genesisTime) - clock.now();
  if (untilGenesis > 0) say(`waiting ${Math.ceil(untilGenesis / 1000)} s for genesis at ${genesisTime}`);
  await clock.sleep(untilGenesis > 0 ? untilGenesis / 1000 : layerDuration / 2, signal);
}

async function look(
  asking: NodeCalls,
  facts: NetworkFacts,
  expected: Expectation,
  seen: Observation,
): Promise<Observation> {
  const [last, poets] = await Promise.all([
    Promise.all(facts.nodes.map(async ({ name, grpc }) => ({ name, answer: await said(() => asking.node(grpc)) }))),
    Promise.all(facts.poets.map(async ({ name, rest }) => ({ name, info: await said(() => asking.poet(rest)) }))),
  ]);
  const first = seen.first.length > 0 ? startsOf(seen.first, last) : last;
  return { first, last, poets, roots: await roots(asking, facts, expected, last) };
}

/**
 * A node's comparison starts with its first answer, and anew once it is synced: while it catches up, its verified layer
 * rises even in a network that is stalled. Pure.
 */
export const startsOf = (first: readonly NodeSample[], last: readonly NodeSample[]): NodeSample[] =>
  first.map((sample) => {
    const newest = last.find(({ name }) => name === sample.name) ?? sample;
    const stays = isSynced(sample) || ("said" in sample.answer && !isSynced(newest));
    return stays ? sample : newest;
  });

const isSynced = ({ answer }: NodeSample): boolean => "said" in answer && answer.said.status.isSynced;

/** Compared at the newest layer that every answering node has verified. */
async function roots(
  asking: NodeCalls,
  facts: NetworkFacts,
  { effectiveGenesis }: Expectation,
  last: readonly NodeSample[],
): Promise<Observation["roots"]> {
  const verified = last.flatMap(({ answer }) => ("said" in answer ? [answer.said.status.verifiedLayer] : []));
  const layer = Math.min(...verified);
  if (verified.length === 0 || layer <= effectiveGenesis) return undefined;
  const nodes = facts.nodes.map(async ({ name, grpc }) => ({
    name,
    root: await said(() => asking.stateRoot(grpc, layer)),
  }));
  return { layer, nodes: await Promise.all(nodes) };
}
