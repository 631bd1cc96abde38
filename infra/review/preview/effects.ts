import type { CycleNetwork, PlannedMove, PreviewReport, ResourceChange, StackPreview } from "./model";
import { partsText } from "./parts";
import { counted, grouped, listed, listedShort, namesOf, ours, type Phrase, say } from "./phrase";
import {
  ARCHIVING,
  announces,
  changesOf,
  channelsOf,
  componentOf,
  isNetworkStep,
  isPreviewed,
  kindOf,
  refusalOf,
  SIZES,
  type SpecChange,
  specChanges,
  split,
} from "./resources";

/** One effect of a change on the release cycle. */
export interface Effect {
  /** What matters more comes first. */
  readonly weight: number;
  readonly text: Phrase;
}

const WEIGHTS = { loss: 9, unknown: 8, move: 7, deploy: 6, spec: 5, channel: 4, edge: 3, parts: 2, none: 1 } as const;

/** The effects of a change on the release cycle, the most important first. Never empty. */
export function effectsOf(report: PreviewReport): readonly Effect[] {
  if (report.stacks.length === 0) return [{ weight: WEIGHTS.none, text: ours("there is no stack to preview") }];
  const found = [
    ...unknownEffects(report),
    ...report.stacks.flatMap((stack) => (stack.kind === "channel" ? channelEffects(stack, report) : [])),
    ...report.stacks.flatMap((stack) => (stack.kind === "edge" ? edgeEffects(stack) : [])),
    ...networkEffects(report),
  ];
  if (!changesNothing(report)) return found.sort((a, b) => b.weight - a.weight);
  const nothing = ours("nothing changes");
  const kept = listed(
    found.map(({ text }) => text),
    "; ",
    "; ",
  );
  return [{ weight: WEIGHTS.none, text: found.length > 0 ? say`${nothing}: ${kept}` : nothing }];
}

/** Whether somebody looked at every stack that exists, and none would change. */
export const changesNothing = ({ stacks, moves, unseen }: PreviewReport): boolean =>
  unseen.length + unseenMoves(moves, stacks).length === 0 &&
  stacks.every((stack) => stack.outcome.kind === "absent" || (isPreviewed(stack) && changesOf(stack).length === 0));

/** Releases whose channel nobody previewed. */
const unseenMoves = (moves: readonly PlannedMove[], stacks: readonly StackPreview[]): PlannedMove[] =>
  moves.filter(({ channel }) => stacks.every(({ what, outcome }) => what !== channel || outcome.kind === "absent"));

/** What nobody knows is an effect of its own. */
function unknownEffects({ stacks, moves }: PreviewReport): Effect[] {
  const named = (kind: string) => stacks.filter(({ outcome }) => outcome.kind === kind).map(({ what }) => what);
  const [failed, unseen] = [named("failed"), named("unseen")];
  const absent = unseenMoves(moves, stacks);
  return [
    ...(failed.length > 0 ? [say`leaves open what happens to ${namesOf(failed)}: the preview failed`] : []),
    ...(unseen.length > 0 ? [say`leaves open what happens to ${namesOf(unseen)}: nobody could look`] : []),
    ...absent.map(
      ({ channel, tag }) => say`leaves open whether ${channel} moves to ${tag}: its stack was not previewed`,
    ),
  ].map((text) => ({ weight: WEIGHTS.unknown, text }));
}

function channelEffects(stack: StackPreview, report: PreviewReport): Effect[] {
  const resources = changesOf(stack);
  const move = report.moves.find(({ channel }) => channel === stack.what);
  if (move && isPreviewed(stack)) return [{ weight: WEIGHTS.move, text: moveText(move, resources, report) }];
  if (resources.length === 0) return [];
  const parts = listed(partsText(resources, "its"));
  return [{ weight: WEIGHTS.channel, text: say`keeps ${stack.what} where it is, and ${parts}` }];
}

function moveText(move: PlannedMove, resources: readonly ResourceChange[], { channels }: PreviewReport): Phrase {
  const { channel, release, tag } = move;
  const own = channels.find(({ name }) => name === channel);
  const from = own?.current?.tag;
  if (from === tag && resources.length === 0) return say`keeps ${channel} at ${tag}`;
  const held = channels.filter(({ name }) => name !== channel).map(({ current }) => current?.tag);
  const leaving = [...(own?.toRetire ?? []), ...(from === undefined ? [] : [from])];
  const next = leaving.find((one) => one !== tag && !held.includes(one));
  const texts = [
    from === undefined
      ? say`points ${channel} to ${tag}, its first network`
      : say`moves ${channel} from ${from} to ${tag}`,
    ...(resources.some(announces) ? [say`announces ${release} on Discord`] : []),
    ...(next === undefined ? [] : [say`${next} is retired next`]),
  ];
  return listed(texts, "; ", "; ");
}

/** What the edge is made of, by the end of the engine's types. */
const EDGE_PARTS = { WorkersScript: "Worker", WorkersKvNamespace: "namespace", WorkersCustomDomain: "hosts" } as const;

function edgeEffects(stack: StackPreview): Effect[] {
  const resources = changesOf(stack);
  const [added, removed] = [channelsOf(stack, "add"), channelsOf(stack, "remove")];
  const known = [...added, ...removed].map((channel) => `channel-${channel}`);
  const others = resources.filter(({ name }) => !known.includes(name)).map(kindOf);
  const parts = Object.entries(EDGE_PARTS).flatMap(([kind, noun]) => (others.includes(kind) ? [ours(noun)] : []));
  const isRest = known.length === 0 || others.some((kind) => kind !== "WorkersScript"); // a host comes with its Worker
  const texts = [
    ...(added.length > 0 ? [say`adds channel ${namesOf(added)} to the edge`] : []),
    ...(removed.length > 0 ? [say`removes channel ${namesOf(removed)} from the edge`] : []),
    ...(others.length > 0 && isRest
      ? [say`updates the edge (${listed(parts.length > 0 ? parts : [ours("other resources")])})`]
      : []),
  ];
  return texts.map((text) => ({ weight: WEIGHTS.edge, text }));
}

/** What happens to one network, as the words before and after its name. */
interface Fate {
  readonly what: string;
  readonly weight: number;
  readonly verb: string;
  /** How far its simmer is, if it goes on. */
  readonly simmer: string;
  readonly rest: (whose: "its" | "their") => Phrase;
}

/** Networks with the same fate share a line. */
function networkEffects(report: PreviewReport): Effect[] {
  const fates = report.stacks.flatMap((stack) =>
    stack.kind === "network" && isPreviewed(stack) ? fateOf(stack, report.networks) : [],
  );
  return grouped(fates, ({ verb, rest }) => JSON.stringify([verb, rest("its")])).flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { weight, verb, rest } = first;
    const one = alike.length === 1;
    const names = alike.map(({ what, simmer }) => {
      if (simmer === "") return say`${what}`;
      return one ? say`${what}, ${ours(simmer)}` : say`${what} (${ours(simmer)})`;
    });
    const end = rest(one ? "its" : "their");
    const comma = end[0] === AND && (!one || first.simmer !== "") ? "," : "";
    return [{ weight, text: [`${verb} `, ...listedShort(names), comma, ...end] }];
  });
}

/** Begins what a fate says beside the names. */
const AND = " and ";

function fateOf(stack: StackPreview, networks: readonly CycleNetwork[]): Fate {
  const { what } = stack;
  const network = networks.find(({ tag }) => tag === what);
  const { certain, open } = split(stack);
  const steps = certain.filter(isNetworkStep);
  const has = (operation: string) => steps.some((step) => step.operation === operation);
  const isAgain = network?.stage === "complete";

  const lost = (verb: string, end: string): Fate => {
    return { what, weight: WEIGHTS.loss, verb, simmer: "", rest: (whose) => ours(`: ${whose} simmer ${end}`) };
  };
  if (has("replace") || (has("create") && has("delete"))) return lost("replaces the network", "begins anew");
  if (has("delete")) return lost("deletes the network", "ends");
  if (has("create") && isAgain) return lost("creates again the network", "begins anew");
  if (has("create")) {
    const verb = isBegun(network) ? "completes the deployment of" : "deploys";
    return { what, weight: WEIGHTS.deploy, verb, simmer: "", rest: () => [] };
  }
  const spec = steps.flatMap(specChanges).filter(({ key }) => !key.startsWith("versions.") && key !== "timeout");
  const kept = { what, verb: "keeps", simmer: simmerText(network) };
  if (refusalOf(stack)) return { ...kept, weight: WEIGHTS.spec, rest: refusedEnd };
  if (spec.some(({ key }) => SIZES.includes(key))) return { ...kept, weight: WEIGHTS.spec, rest: () => sizeEnd(spec) };
  const rest: Fate["rest"] = (whose) => [
    ...partsEnd(stack, certain, whose),
    ...specEnd(spec),
    ...openEnd(open, whose, steps.length > 0),
  ];
  if (spec.length > 0) return { ...kept, weight: WEIGHTS.spec, rest };
  if (certain.length + open.length > 0) return { ...kept, weight: WEIGHTS.parts, rest };
  return { ...kept, weight: WEIGHTS.none, rest: () => [] };
}

/** What happens to the parts of a network that goes on. A channel comes to its gateway and to its guard. */
function partsEnd(stack: StackPreview, resources: readonly ResourceChange[], whose: string): Phrase {
  const [added, removed] = [channelsOf(stack, "add"), channelsOf(stack, "remove")];
  const isTold = (resource: ResourceChange) => ["GrpcGateway", ...ARCHIVING].includes(componentOf(resource));
  const others = added.length + removed.length > 0 ? resources.filter((one) => !isTold(one)) : resources;
  const texts = [
    ...(added.length > 0 ? [say`adds channel ${namesOf(added)} to ${ours(`${whose} gateway`)}`] : []),
    ...(removed.length > 0 ? [say`removes channel ${namesOf(removed)} from ${ours(`${whose} gateway`)}`] : []),
    ...partsText(others, whose),
  ];
  if (texts.length === 0) return [];
  return texts.length === 1 ? [AND, ...listed(texts)] : [", ", ...listed(texts)];
}

/** The engine refuses the whole deployment, so nothing follows. */
const refusedEnd = (): Phrase => ours("; its next deployment is refused");

/** The driver refuses another size, so nothing follows. */
const sizeEnd = (spec: readonly SpecChange[]): Phrase =>
  say`; a running network keeps its size, so a deployment with ${specText(spec)} is refused`;

const specEnd = (spec: readonly SpecChange[]): Phrase =>
  spec.length > 0 ? say`; only a new network takes up ${specText(spec)}` : [];

function openEnd(open: readonly ResourceChange[], whose: "its" | "their", isRerun: boolean): Phrase {
  if (open.length === 0) return [];
  const which = `${counted(open.length, "other resource")}${whose === "their" ? " of each" : ""}`;
  return ours(`; ${which} may change once ${isRerun ? `${whose} network step` : "a step"} has run again`);
}

const isBegun = (network: CycleNetwork | undefined): boolean =>
  network !== undefined && network.stage !== "not deployed";

/** How far a network is, e.g. `day 5.2 of 7`, `certified`, `incomplete`. */
function simmerText(network: CycleNetwork | undefined): string {
  if (!network) return "";
  const { stage, simmer } = network;
  if (stage !== "complete") return stage;
  if (!simmer) return "";
  const day = simmer.certified ? "certified" : `day ${simmer.day} of ${simmer.of}`;
  return ["healthy", "slow"].includes(simmer.verdict) ? day : `${day}, ${simmer.verdict}`;
}

/** At most so many values of the spec are named. */
const MOST_VALUES = 3;

function specText(spec: readonly SpecChange[]): Phrase {
  const shown = spec
    .slice(0, MOST_VALUES)
    .map(({ key, before = "?", after = "?" }) => say`${`${key} ${before} -> ${after}`}`);
  const rest = spec.length - shown.length;
  return listed([...shown, ...(rest > 0 ? [say`${rest} more values`] : [])]);
}
