import type { Expectation, NodeSample, Observation } from "./observation";

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

/** The verdict on one check. `unmade`: what it needs could not be asked, which is a failure of its own kind, never a pass. */
export interface Check {
  readonly name: CheckName;
  readonly status: "passed" | "failed" | "unmade";
  /** What it saw, in words. */
  readonly saw: string;
}

type Verdict = Omit<Check, "name">;
type Answer = Extract<NodeSample["answer"], { said: unknown }>["said"];
type Answered = { readonly name: string } & Answer;

/** All checks over what was seen so far. Pure. */
export function judge(seen: Observation, expected: Expectation): Check[] {
  const answered = seen.last.flatMap(({ name, answer }) => ("said" in answer ? [{ name, ...answer.said }] : []));
  const silent = seen.last.flatMap(({ name, answer }) => ("error" in answer ? [`${name} (${answer.error})`] : []));
  const verdicts: Record<CheckName, Verdict> = {
    reachable: reachable(seen.last, silent),
    genesis: genesis(answered),
    versions: each(
      answered,
      ({ version }) => version === expected.nodeVersion,
      (node) => node.version,
      `tell ${expected.nodeVersion}`,
    ),
    peers: each(
      answered,
      ({ status }) => status.connectedPeers > 0,
      ({ status }) => `${status.connectedPeers} peers`,
      "have peers",
    ),
    synced: each(
      answered,
      ({ status }) => status.isSynced,
      () => "not synced",
      "are synced",
    ),
    layers: layers(seen.first, answered),
    "verified-layer": verifiedLayer(seen.first, answered, expected),
    "state-roots": stateRoots(seen.roots),
    poets: poets(seen.poets, expected),
  };
  return CHECKS.map((name) => ({ name, ...incomplete(name, verdicts[name], silent) }));
}

/** Whether no later look can turn this check into a pass. Pure. */
export const isFinal = ({ name, status }: Check): boolean =>
  status === "failed" && ["genesis", "versions", "state-roots"].includes(name);

/** A check over nodes that passes for those who answered is not made for those who did not. */
function incomplete(name: CheckName, verdict: Verdict, silent: readonly string[]): Verdict {
  const needsAll = name !== "reachable" && name !== "poets";
  if (!needsAll || verdict.status !== "passed" || silent.length === 0) return verdict;
  return unmade(`${verdict.saw}, but not made for ${silent.map((node) => node.split(" ")[0]).join(", ")}`);
}

const passed = (saw: string): Verdict => ({ status: "passed", saw });
const failed = (saw: string): Verdict => ({ status: "failed", saw });
const unmade = (saw: string): Verdict => ({ status: "unmade", saw });

function reachable(last: readonly NodeSample[], silent: readonly string[]): Verdict {
  if (last.length === 0) return unmade("no node is known");
  if (silent.length > 0) return failed(`${silent.length} of ${last.length} nodes do not answer: ${silent.join("; ")}`);
  return passed(`all ${last.length} nodes answer`);
}

function genesis(nodes: readonly Answered[]): Verdict {
  const groups = groupBy(nodes, ({ genesisId }) => genesisId);
  if (groups.size === 0) return unmade("no node answers");
  if (groups.size === 1) return passed(`all nodes have genesis ${nodes[0]?.genesisId}`);
  return failed(`${groups.size} genesis ids: ${describeGroups(groups)}`);
}

function each(
  nodes: readonly Answered[],
  isGood: (node: Answered) => boolean,
  saw: (node: Answered) => string,
  wanted: string,
): Verdict {
  if (nodes.length === 0) return unmade("no node answers");
  const bad = nodes.filter((node) => !isGood(node));
  if (bad.length === 0) return passed(`all nodes ${wanted}`);
  return failed(`not all nodes ${wanted}: ${bad.map((node) => `${node.name} ${saw(node)}`).join(", ")}`);
}

function layers(first: readonly NodeSample[], nodes: readonly Answered[]): Verdict {
  if (nodes.length === 0) return unmade("no node answers");
  const still = nodes.filter(({ name, status }) => status.topLayer <= (before(first, name)?.topLayer ?? -1));
  if (still.length > 0) return failed(`the top layer does not rise: ${atLayers(still, "topLayer")}`);
  return passed(`top layer ${range(nodes, "topLayer")}, rising on all nodes`);
}

/** Until the effective genesis a node calls every layer verified; it proves something only after that. */
function verifiedLayer(
  first: readonly NodeSample[],
  nodes: readonly Answered[],
  { effectiveGenesis }: Expectation,
): Verdict {
  if (nodes.length === 0) return unmade("no node answers");
  const behind = nodes.filter(({ status }) => status.verifiedLayer <= effectiveGenesis);
  if (behind.length > 0) {
    return failed(`not past the effective genesis (layer ${effectiveGenesis}): ${atLayers(behind, "verifiedLayer")}`);
  }
  const still = nodes.filter(({ name, status }) => status.verifiedLayer <= (before(first, name)?.verifiedLayer ?? -1));
  if (still.length > 0) return failed(`the verified layer does not rise: ${atLayers(still, "verifiedLayer")}`);
  return passed(
    `verified layer ${range(nodes, "verifiedLayer")}, past the effective genesis ${effectiveGenesis} and rising`,
  );
}

function stateRoots(roots: Observation["roots"]): Verdict {
  if (!roots) return unmade("no layer after the effective genesis is verified by all nodes yet");
  const silent = roots.nodes.filter(({ root }) => "error" in root || root.said === "");
  const known = roots.nodes.flatMap(({ name, root }) =>
    "said" in root && root.said !== "" ? [{ name, root: root.said }] : [],
  );
  const groups = groupBy(known, ({ root }) => root);
  if (groups.size > 1)
    return failed(`at layer ${roots.layer} there are ${groups.size} state roots: ${describeGroups(groups)}`);
  if (silent.length > 0)
    return unmade(`no state root at layer ${roots.layer} from ${silent.map(({ name }) => name).join(", ")}`);
  return passed(`at layer ${roots.layer} all nodes have state root ${known[0]?.root.slice(0, 16)}`);
}

function poets(all: Observation["poets"], { poetPhases }: Expectation): Verdict {
  if (all.length === 0) return unmade("no poet is known");
  const wrong = all.flatMap(({ name, info }) => {
    if ("error" in info) return [`${name} (${info.error})`];
    if (info.said.kind === "rounds" || !poetPhases) return [];
    const { phaseShift, cycleGap } = info.said;
    if (phaseShift === poetPhases.phaseShift && cycleGap === poetPhases.cycleGap) return [];
    return [
      `${name} (phase shift ${phaseShift} s and cycle gap ${cycleGap} s, not ${poetPhases.phaseShift} and ${poetPhases.cycleGap})`,
    ];
  });
  if (wrong.length > 0) return failed(`not as configured: ${wrong.join("; ")}`);
  return passed(`${all.length} of ${all.length} poets answer`);
}

type LayerName = "topLayer" | "verifiedLayer";

function before(first: readonly NodeSample[], name: string): Answer["status"] | undefined {
  const answer = first.find((sample) => sample.name === name)?.answer;
  return answer && "said" in answer ? answer.said.status : undefined;
}

const atLayers = (nodes: readonly Answered[], layer: LayerName): string =>
  nodes.map(({ name, status }) => `${name} at ${status[layer]}`).join(", ");

function range(nodes: readonly Answered[], layer: LayerName): string {
  const numbers = nodes.map(({ status }) => status[layer]);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function groupBy<T extends { name: string }>(nodes: readonly T[], key: (node: T) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const node of nodes) groups.set(key(node), [...(groups.get(key(node)) ?? []), node.name]);
  return groups;
}

const describeGroups = (groups: Map<string, string[]>): string =>
  [...groups].map(([value, names]) => `${value.slice(0, 16)} on ${names.join(", ")}`).join("; ");
