import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { effectiveGenesis, type NetworkFacts } from "../../base/model/network-facts";
import type { PoetPhases } from "../../base/model/network-spec";
import type { NodeSample } from "../../base/model/sample";
import type { Versions } from "../../base/model/versions";
import { isLost, movedTo, type Whereabouts } from "../../base/observe/exposed";
import { BY_CLIENTS, type NodeCalls, said, sampleNodes } from "../../base/observe/nodes";
import { type Check, isFinal, judge } from "./checks";
import type { Expectation, Observation } from "./observation";
import type { SmokeReport } from "./report";

export interface SmokeTestOptions {
  readonly facts: NetworkFacts;
  readonly versions: Pick<Versions, "node">;
  /** The commit that was deployed. */
  readonly commit: string;
  /** Configured phases of the poets; any phases pass without them. */
  readonly poetPhases?: PoetPhases;
  /** Number of layers, from now or the effective genesis, whichever is later, until everything must be well. */
  readonly limitLayers: number;
  /** Where the network is today, as its cluster tells; undefined when it cannot. @throws {UserError} */
  readonly today?: () => Promise<Whereabouts | undefined>;
}

/** Runs the smoke test on a network against what was deployed. */
export function smokeTest(options: SmokeTestOptions, run: Run, calls?: NodeCalls): Promise<SmokeReport> {
  const { facts, versions, commit, poetPhases, limitLayers, today } = options;
  const expected = {
    tag: facts.tag,
    nodeVersion: versions.node.version,
    commit,
    effectiveGenesis: effectiveGenesis(facts),
    poetPhases,
  };
  return runSmoke({ facts, expected, limitLayers, today }, run, calls);
}

export interface SmokeOptions {
  readonly facts: NetworkFacts;
  readonly expected: Expectation;
  readonly limitLayers: number;
  readonly today?: SmokeTestOptions["today"];
}

/**
 * Samples the network twice a layer until every check passes, one can no longer pass, or the limit is over. Time is
 * counted in layers of the network's own clock. The first sample is taken at once, even before genesis: a node with
 * another genesis or version fails without a wait.
 */
export async function runSmoke(
  { facts: deployed, expected, limitLayers, today }: SmokeOptions,
  run: Run,
  calls: NodeCalls = BY_CLIENTS,
): Promise<SmokeReport> {
  const { clock, say } = run;
  let facts = deployed;
  const started = new Date(clock.now());
  const layer = () => layerAt(facts, clock.now());
  const from = layer();
  const lastLayer = Math.max(from, expected.effectiveGenesis) + limitLayers;
  say(
    `smoke test of ${expected.tag}: layer ${from}, effective genesis ${expected.effectiveGenesis}, limit layer ${lastLayer}`,
  );

  let seen: Observation = { first: [], last: [], poets: [] };
  let checks: Check[] = [];
  for (let reported = "", mayAsk = today !== undefined; ; ) {
    const before = seen;
    seen = await look(calls, facts, expected, before, run);
    if (mayAsk && today && isLost(seen.last)) {
      mayAsk = false;
      const moved = movedTo(expected.tag, facts, await whereabouts(today, expected.tag, run), run);
      if (moved) {
        facts = { ...facts, ...moved };
        seen = await look(calls, facts, expected, before, run);
      }
    }
    checks = judge(seen, expected);
    const open = checks.filter(({ status }) => status !== "passed");
    const state = open.length === 0 ? "all checks pass" : `open: ${open.map(({ name }) => name).join(", ")}`;
    const now = `layer ${layer()}: ${state}`;
    if (now !== reported) say(now); // at least once a layer, which may take minutes
    reported = now;
    if (open.length === 0 || open.some(isFinal) || layer() >= lastLayer) break;
    await nextLook(facts, run);
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

async function whereabouts(
  today: NonNullable<SmokeTestOptions["today"]>,
  tag: string,
  { say }: Run,
): Promise<Whereabouts | undefined> {
  try {
    return await today();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`${tag}: the addresses of its nodes cannot be looked up: ${error.what}`);
    return undefined;
  }
}

/** Layer of a network's clock at a time in milliseconds; 0 before genesis. */
export const layerAt = (
  { genesisTime, layerDuration }: Pick<NetworkFacts, "genesisTime" | "layerDuration">,
  time: number,
): number => Math.max(0, Math.floor((time - Date.parse(genesisTime)) / (layerDuration * 1000)));

/** Waits for half a layer, or for genesis if it is still to come. */
async function nextLook({ genesisTime, layerDuration }: NetworkFacts, { clock, say, signal }: Run): Promise<void> {
  const untilGenesis = Date.parse(genesisTime) - clock.now();
  if (untilGenesis > 0) say(`waiting ${Math.ceil(untilGenesis / 1000)} s for genesis at ${genesisTime}`);
  await clock.sleep(untilGenesis > 0 ? untilGenesis / 1000 : layerDuration / 2, signal);
}

async function look(
  calls: NodeCalls,
  facts: NetworkFacts,
  expected: Expectation,
  seen: Observation,
  run: Run,
): Promise<Observation> {
  const [last, poets] = await Promise.all([
    sampleNodes(facts.nodes, run, calls.node),
    Promise.all(facts.poets.map(async ({ name, rest }) => ({ name, info: await said(() => calls.poet(rest)) }))),
  ]);
  const first = seen.first.length > 0 ? startsOf(seen.first, last) : last;
  return { first, last, poets, roots: await roots(calls, facts, expected, last) };
}

/**
 * What each node's newest sample is compared with: its first answer, and from its first synced sample on that one.
 * While a node catches up, its verified layer rises even in a network that is stalled.
 */
export const startsOf = (first: readonly NodeSample[], last: readonly NodeSample[]): NodeSample[] =>
  first.map((sample) => {
    const newest = last.find(({ node }) => node === sample.node) ?? sample;
    const stays = isSynced(sample) || (sample.reachable && !isSynced(newest));
    return stays ? sample : newest;
  });

const isSynced = (sample: NodeSample): boolean => sample.reachable && sample.synced;

/** State roots at the newest layer that every answering node verified. */
async function roots(
  calls: NodeCalls,
  facts: NetworkFacts,
  { effectiveGenesis }: Expectation,
  last: readonly NodeSample[],
): Promise<Observation["roots"]> {
  const verified = last.flatMap((sample) => (sample.reachable ? [sample.verifiedLayer] : []));
  const layer = Math.min(...verified);
  if (verified.length === 0 || layer <= effectiveGenesis) return undefined;
  const nodes = facts.nodes.map(async ({ name, grpc }) => ({
    name,
    root: await said(() => calls.stateRoot(grpc, layer)),
  }));
  return { layer, nodes: await Promise.all(nodes) };
}
