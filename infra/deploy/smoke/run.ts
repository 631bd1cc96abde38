import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { effectiveGenesis, type NetworkFacts } from "../../base/model/network-facts";
import type { PoetPhases } from "../../base/model/network-spec";
import type { NodeSample } from "../../base/model/sample";
import type { Versions } from "../../base/model/versions";
import { isLost, movedTo, type Whereabouts } from "../../base/observe/exposed";
import { byClients, type NodeCalls, said, sampleNodes } from "../../base/observe/nodes";
import { type Check, isFinal, judge } from "./checks";
import { idleEpoch } from "./first-block";
import { Layers } from "./layers";
import { requireGenesis } from "./network-clock";
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
    layersPerEpoch: facts.layersPerEpoch,
    layerDuration: facts.layerDuration,
    poetPhases,
    needsBeacon: facts.driver === "kubernetes",
    ...(facts.genesisId !== undefined && { genesisId: facts.genesisId }),
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
 * Samples the network twice a layer until every check passes, one can no longer pass, or the limit is over. Layers are
 * those of the nodes' clock, so a wrong clock of this machine changes no verdict. The first sample is taken at once, even
 * before genesis: a node with another genesis or version fails without a wait.
 * @throws {UserError} when genesis is too far away to be awaited
 */
export async function runSmoke(
  { facts: deployed, expected, limitLayers, today }: SmokeOptions,
  run: Run,
  calls: NodeCalls = byClients(),
): Promise<SmokeReport> {
  const { clock, say } = run;
  let facts = deployed;
  const started = new Date(clock.now());
  requireGenesis(facts, clock.now());
  const layers = new Layers(facts, expected.effectiveGenesis, limitLayers, run);
  let seen: Observation = { first: [], last: [], poets: [] };
  let checks: Check[] = [];
  for (let reported = "", idle: string | undefined, mayAsk = today !== undefined; ; ) {
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
    layers.see(seen.last);
    if (reported === "") say(`smoke test of ${expected.tag}: ${layers.plan()}`);
    checks = judge(seen, expected);
    const open = checks.filter(({ status }) => status !== "passed");
    const state = open.length === 0 ? "all checks pass" : `open: ${open.map(({ name }) => name).join(", ")}`;
    const now = `layer ${layers.now}: ${state}`;
    if (now !== reported) say(now); // at least once a layer, which may take minutes
    reported = now;
    if (!idle) {
      const answered = seen.last.filter((sample) => sample.reachable);
      idle = idleEpoch(answered, expected);
      if (idle) say(idle);
    }
    if (open.length === 0 || open.some(isFinal) || layers.isOver()) break;
    await layers.wait();
  }
  return {
    schema: 1,
    tag: expected.tag,
    startedAt: started.toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    layers: { from: layers.from, to: layers.now },
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
  const first = seen.first.length > 0 ? startsOf(seen.first, last, expected) : last;
  return { first, last, poets, roots: await roots(calls, facts, expected, last) };
}

/**
 * What each node's newest sample is compared with: its first answer, and from its first synced sample on that one.
 * While a node catches up, its verified layer rises even in a network that is stalled. Until the effective genesis every
 * node of today calls itself synced, even one without peers, so that counts from then on only.
 */
export function startsOf(
  first: readonly NodeSample[],
  last: readonly NodeSample[],
  { effectiveGenesis }: Pick<Expectation, "effectiveGenesis">,
): NodeSample[] {
  const isSynced = (sample: NodeSample): boolean =>
    sample.reachable && sample.synced && sample.topLayer >= effectiveGenesis;
  return first.map((sample) => {
    const newest = last.find(({ node }) => node === sample.node) ?? sample;
    const stays = isSynced(sample) || (sample.reachable && !isSynced(newest));
    return stays ? sample : newest;
  });
}

/** Layers that are tried for one with a state root. A layer without a block may have none. */
const LAYERS_TRIED = 4;

/**
 * State roots at the newest layer that every answering node verified. Where no node has a root, since the layer has no
 * block, the layer before is tried.
 */
async function roots(
  calls: NodeCalls,
  facts: NetworkFacts,
  { effectiveGenesis }: Expectation,
  last: readonly NodeSample[],
): Promise<Observation["roots"]> {
  const verified = last.flatMap((sample) => (sample.reachable ? [sample.verifiedLayer] : []));
  const newest = Math.min(...verified);
  if (verified.length === 0 || newest <= effectiveGenesis) return undefined;
  const least = Math.max(effectiveGenesis, newest - LAYERS_TRIED) + 1;
  for (let layer = newest; ; layer--) {
    const nodes = await Promise.all(
      facts.nodes.map(async ({ name, grpc }) => ({ name, root: await said(() => calls.stateRoot(grpc, layer)) })),
    );
    const areAllEmpty = nodes.every(({ root }) => "said" in root && root.said === "");
    if (!areAllEmpty || layer === least) return { layer, nodes };
  }
}
