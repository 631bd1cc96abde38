import type { AnsweredSample, NodeSample, SilentSample } from "../../base/model/sample";
import { idleEpoch } from "./first-block";
import { aheadOfClock, impossibleLayers } from "./impossible";
import type { Expectation, Observation } from "./observation";
import { originOf } from "./origin";

export const CHECKS = [
  "reachable",
  "genesis",
  "versions",
  "peers",
  "synced",
  "layers",
  "verified-layer",
  "state-roots",
  "poets",
] as const;

export type CheckName = (typeof CHECKS)[number];

/** The result of one check. `unmade`: the check could not run; that never counts as passed. */
export interface Check {
  readonly name: CheckName;
  readonly status: "passed" | "failed" | "unmade";
  /** What the check saw, in words. */
  readonly saw: string;
}

type Result = Omit<Check, "name">;

/** All checks over what was seen so far. */
export function judge(seen: Observation, expected: Expectation): Check[] {
  const answered = seen.last.filter(hasAnswered);
  const silent = seen.last.filter((sample): sample is SilentSample => !sample.reachable);
  const results: Record<CheckName, Result> = {
    reachable: reachable(seen.last, silent),
    genesis: genesis(answered, expected),
    versions: versions(answered, expected),
    peers: peers(answered),
    synced: synced(answered, expected),
    layers: layers(seen.first, answered, expected),
    "verified-layer": verifiedLayer(seen.first, answered, expected),
    "state-roots": stateRoots(seen.roots),
    poets: poets(seen.poets, expected),
  };
  return CHECKS.map((name) => ({ name, ...incomplete(name, results[name], silent) }));
}

/** Whether no later look can make this check pass. */
export const isFinal = ({ name, status }: Check): boolean =>
  status === "failed" && ["genesis", "versions", "state-roots"].includes(name);

/** A check that passes for the nodes that answered did not run for the others. */
function incomplete(name: CheckName, result: Result, silent: readonly SilentSample[]): Result {
  const needsAll = name !== "reachable" && name !== "poets";
  if (!needsAll || result.status !== "passed" || silent.length === 0) return result;
  return unmade(`${result.saw}, but the check could not run for ${silent.map(({ node }) => node).join(", ")}`);
}

const passed = (saw: string): Result => ({ status: "passed", saw });
const failed = (saw: string): Result => ({ status: "failed", saw });
const unmade = (saw: string): Result => ({ status: "unmade", saw });

function reachable(last: readonly NodeSample[], silent: readonly SilentSample[]): Result {
  if (last.length === 0) return unmade("no node is known");
  if (silent.length > 0) {
    const which = silent.map(({ node, error }) => `${node} (${error})`).join("; ");
    return failed(`${silent.length} of ${last.length} nodes do not answer: ${which}`);
  }
  return passed(`all ${last.length} nodes answer`);
}

/** A driver may know the genesis id ahead. A node with another one runs another image or config. */
function genesis(nodes: readonly AnsweredSample[], { genesisId: own }: Expectation): Result {
  const groups = groupBy(nodes, ({ genesisId = "" }) => genesisId);
  if (groups.size === 0) return unmade("no node answers");
  if (own !== undefined) {
    const others = [...groups].filter(([id]) => id !== own.toLowerCase());
    if (others.length === 0) return passed(`all nodes have genesis ${own}, as computed from their config`);
    const which = others.map(([id, names]) => `${names.join(", ")} ${names.length > 1 ? "have" : "has"} ${id}`);
    return failed(`another genesis than ${own}, as computed from the config: ${which.join("; ")}`);
  }
  if (groups.size === 1) return passed(`all nodes have genesis ${nodes[0]?.genesisId}`);
  return failed(`${groups.size} genesis ids: ${describeGroups(groups)}`);
}

function versions(nodes: readonly AnsweredSample[], expected: Expectation): Result {
  if (nodes.length === 0) return unmade("no node answers");
  const { faults, builds } = originOf(nodes, expected);
  if (faults.length > 0) return failed(faults.join("; "));
  return passed(`all nodes have version ${expected.nodeVersion}; ${builds}`);
}

function each(
  nodes: readonly AnsweredSample[],
  isGood: (node: AnsweredSample) => boolean,
  saw: (node: AnsweredSample) => string,
  wanted: string,
): Result {
  if (nodes.length === 0) return unmade("no node answers");
  const bad = nodes.filter((node) => !isGood(node));
  if (bad.length === 0) return passed(`all nodes ${wanted}`);
  return failed(`not all nodes ${wanted}: ${bad.map((node) => `${node.node} ${saw(node)}`).join(", ")}`);
}

function peers(nodes: readonly AnsweredSample[]): Result {
  const counts = nodes.map(({ connectedPeers = 0 }) => connectedPeers);
  const result = each(
    nodes,
    ({ connectedPeers = 0 }) => connectedPeers > 0,
    ({ connectedPeers = 0 }) => `${connectedPeers} peers`,
    "have peers",
  );
  return result.status === "passed" ? passed(`${result.saw}: ${extent(counts)}`) : result;
}

/** A peer with a fast clock makes every node believe in layers to come (spacemeshos/go-spacemesh#2365). */
function synced(nodes: readonly AnsweredSample[], expected: Expectation): Result {
  const ahead = aheadOfClock(nodes, expected);
  if (ahead.length > 0) return failed(`the clock of a node or of a peer is fast: ${ahead.join(", ")}`);
  const follows = ({ topLayer, verifiedLayer }: AnsweredSample) =>
    verifiedLayer > expected.effectiveGenesis && topLayer - verifiedLayer <= FOLLOWING;
  return each(
    nodes,
    (node) => node.synced,
    (node) => (follows(node) ? `not synced, though it follows (verified ${node.verifiedLayer})` : "not synced"),
    "are synced",
  );
}

/** Layers by which the verified layer of a node that follows trails its clock at most. */
const FOLLOWING = 4;

function layers(first: readonly NodeSample[], nodes: readonly AnsweredSample[], expected: Expectation): Result {
  if (nodes.length === 0) return unmade("no node answers");
  const impossible = impossibleLayers(nodes, expected);
  if (impossible.length > 0) return failed(`layers that cannot be: ${impossible.join(", ")}`);
  const still = nodes.filter(({ node, topLayer }) => topLayer <= (before(first, node)?.topLayer ?? -1));
  if (still.length > 0) return failed(`the top layer does not rise: ${atLayers(still, "topLayer")}`);
  return passed(`top layer ${range(nodes, "topLayer")}, rising on all nodes`);
}

/** Until the effective genesis a node calls every layer verified, which proves nothing. */
function verifiedLayer(first: readonly NodeSample[], nodes: readonly AnsweredSample[], expected: Expectation): Result {
  const { effectiveGenesis } = expected;
  if (nodes.length === 0) return unmade("no node answers");
  const behind = nodes.filter(({ verifiedLayer }) => verifiedLayer <= effectiveGenesis);
  if (behind.length > 0) {
    const idle = idleEpoch(nodes, expected);
    const where = `not past the effective genesis (layer ${effectiveGenesis}): ${atLayers(behind, "verifiedLayer")}`;
    return failed(idle ? `${where}; ${idle}` : where);
  }
  const back = nodes.flatMap(({ node, verifiedLayer }) => {
    const earlier = before(first, node)?.verifiedLayer ?? -1;
    return verifiedLayer < earlier ? [`${node} from ${earlier} to ${verifiedLayer}`] : [];
  });
  if (back.length > 0) return failed(`the verified layer goes back: ${back.join(", ")}`);
  const still = nodes.filter(({ node, verifiedLayer }) => verifiedLayer <= (before(first, node)?.verifiedLayer ?? -1));
  if (still.length > 0) return failed(`the verified layer does not rise: ${atLayers(still, "verifiedLayer")}`);
  return passed(
    `verified layer ${range(nodes, "verifiedLayer")}, past the effective genesis ${effectiveGenesis} and rising`,
  );
}

function stateRoots(roots: Observation["roots"]): Result {
  if (!roots) return unmade("the nodes did not all verify a layer after the effective genesis yet");
  const silent = roots.nodes.filter(({ root }) => "error" in root || root.said === "");
  const known = roots.nodes.flatMap(({ name, root }) =>
    "said" in root && root.said !== "" ? [{ node: name, root: root.said }] : [],
  );
  const groups = groupBy(known, ({ root }) => root);
  if (groups.size > 1)
    return failed(`the nodes have ${groups.size} state roots at layer ${roots.layer}: ${describeGroups(groups)}`);
  if (silent.length > 0)
    return unmade(`no state root at layer ${roots.layer} from ${silent.map(({ name }) => name).join(", ")}`);
  return passed(`at layer ${roots.layer} all nodes have state root ${known[0]?.root.slice(0, 16)}`);
}

function poets(all: Observation["poets"], { poetPhases }: Expectation): Result {
  if (all.length === 0) return unmade("no poet is known");
  const wrong = all.flatMap(({ name, info }) => {
    if ("error" in info) return [`${name} (${info.error})`];
    if (info.said.kind === "rounds" || !poetPhases) return [];
    const { phaseShift, cycleGap } = info.said;
    if (phaseShift === poetPhases.phaseShift && cycleGap === poetPhases.cycleGap) return [];
    const wanted = `${poetPhases.phaseShift} and ${poetPhases.cycleGap}`;
    return [`${name} (phase shift ${phaseShift} s and cycle gap ${cycleGap} s, not ${wanted})`];
  });
  if (wrong.length > 0) return failed(`not as configured: ${wrong.join("; ")}`);
  return passed(`${all.length} of ${all.length} poets answer`);
}

type LayerName = "topLayer" | "verifiedLayer";

const hasAnswered = (sample: NodeSample): sample is AnsweredSample => sample.reachable;

const before = (first: readonly NodeSample[], node: string): AnsweredSample | undefined =>
  first.filter(hasAnswered).find((sample) => sample.node === node);

const atLayers = (nodes: readonly AnsweredSample[], layer: LayerName): string =>
  nodes.map((sample) => `${sample.node} at ${sample[layer]}`).join(", ");

const range = (nodes: readonly AnsweredSample[], layer: LayerName): string =>
  extent(nodes.map((sample) => sample[layer]));

/** The least and the highest of some numbers. */
function extent(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function groupBy<T extends { readonly node: string }>(
  nodes: readonly T[],
  key: (node: T) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const node of nodes) groups.set(key(node), [...(groups.get(key(node)) ?? []), node.node]);
  return groups;
}

const describeGroups = (groups: Map<string, string[]>): string =>
  [...groups].map(([value, names]) => `${value.slice(0, 16)} on ${names.join(", ")}`).join("; ");
