import { changesNothing } from "./effects";
import type { CycleNetwork, PreviewReport, ResourceChange, StackPreview } from "./model";
import { counted, grouped, listed, namesOf, ours, type Phrase, say } from "./phrase";
import {
  ARCHIVING,
  changesOf,
  componentOf,
  isLeading,
  isName,
  isNetworkStep,
  isPreviewed,
  kindOf,
  refusalOf,
  SIZES,
  specChanges,
  split,
} from "./resources";

/** The label by which a team agrees to the dangers of a pull request. */
export const AGREEMENT_LABEL = "dangers-agreed";

/** Something that a release manager must know before a change is deployed. */
export interface Finding {
  readonly kind: string;
  /** What it is about: build tags, channels, `edge`. */
  readonly about: readonly string[];
  /** One sentence with its full stop. */
  readonly reason: Phrase;
}

/** What a preview means for its check. */
export interface Verdict {
  /** Whether the check passes. */
  readonly ok: boolean;
  /** Whether it passes only with the label. */
  readonly needsAgreement: boolean;
  /** Whether the label is there. */
  readonly agreed: boolean;
  /** What fails the check whatever anybody agrees to: nobody knows what would happen, or the engine will refuse. */
  readonly blocked: readonly Finding[];
  /** What a team may agree to. */
  readonly dangers: readonly Finding[];
  /** What nobody could look at. A team may agree to that too, after a look of its own. */
  readonly unseen: readonly Finding[];
  /** The verdict in one line of plain text, at most 255 characters. */
  readonly title: string;
}

/** Judges a preview. @param agreed whether the pull request has the label {@link AGREEMENT_LABEL} */
export function verdictOf(report: PreviewReport, agreed: boolean): Verdict {
  const blocked = merged(report.stacks.flatMap(blockedIn));
  const dangers = merged(report.stacks.flatMap((stack) => dangersIn(stack, report)));
  const unseen = unseenIn(report);
  const needsAgreement = dangers.length + unseen.length > 0;
  const ok = blocked.length === 0 && (agreed || !needsAgreement);
  const verdict = { ok, needsAgreement, agreed, blocked, dangers, unseen };
  return { ...verdict, title: titleOf(verdict, report) };
}

function titleOf({ ok, blocked, dangers, unseen }: Omit<Verdict, "title">, report: PreviewReport): string {
  const { stacks } = report;
  const all = counted(stacks.length, "stack");
  const failed = stacks.filter(({ outcome }) => outcome.kind === "failed").length;
  const refused = blocked.filter(({ kind }) => kind === "policy").length;
  const changed = stacks.filter((stack) => changesOf(stack).length > 0).length;
  const parts = [
    ...(failed > 0 ? [`${failed} of ${all} could not be previewed`] : []),
    ...(refused > 0 ? ["a policy forbids it"] : []),
    ...(dangers.length > 0 ? [counted(dangers.length, "danger")] : []),
    ...(unseen.length > 0 ? ["not everything could be seen"] : []),
  ];
  if (parts.length === 0) {
    if (stacks.length === 0) return "There is no stack to preview";
    if (changesNothing(report)) return "Nothing changes";
    return `${changed} of ${all} ${changed === 1 ? "changes" : "change"}, nothing dangerous`;
  }
  const text = parts.join(", ");
  const end = ok ? ", agreed to" : blocked.length > 0 ? "" : `, the label ${AGREEMENT_LABEL} is missing`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}

function blockedIn(stack: StackPreview): Finding[] {
  const { what, outcome } = stack;
  if (outcome.kind === "failed")
    return [{ kind: "failed", about: [what], reason: say`The preview failed: ${outcome.reason}` }];
  if (outcome.kind !== "previewed") return [];
  const refusal = refusalOf(stack);
  return outcome.violations
    .filter((violation) => violation.mandatory && violation !== refusal)
    .map(({ policy, message, resource }) => ({
      kind: "policy",
      about: [what],
      reason: say`Policy ${policy} forbids ${resource ?? "this stack"}: ${message}`,
    }));
}

function unseenIn({ stacks, unseen }: PreviewReport): Finding[] {
  const finding = (what: string, reason: string): Finding => ({
    kind: "unseen",
    about: [what],
    reason: say`${reason}`,
  });
  return merged([
    ...unseen.map((text): Finding => ({ kind: "unseen", about: [], reason: say`${text}` })),
    ...stacks.flatMap(({ what, outcome }) => (outcome.kind === "unseen" ? [finding(what, outcome.reason)] : [])),
  ]);
}

/** The dangers in one stack, the most serious first. */
function dangersIn(stack: StackPreview, report: PreviewReport): Finding[] {
  const resources = changesOf(stack);
  const refusal = refusalOf(stack);
  if (refusal) {
    const reason = say`Its next deployment is refused: ${refusal.message}`;
    return [{ kind: "refused", about: [stack.what], reason }];
  }
  if (!isPreviewed(stack) || resources.length === 0) return [];
  const network = report.networks.find(({ tag }) => tag === stack.what);
  const { certain, open } = split(stack);
  const all: [string, Phrase | undefined][] = [
    ["network", networkDanger(resources, network)],
    ["channel", channelDanger(certain.length, open.length, network)],
    [
      "names",
      namesDanger(
        certain,
        open,
        report.moves.some(({ channel }) => channel === stack.what),
      ),
    ],
    ["archive", archiveDanger(resources, certain)],
    ["kept", keptDanger(resources)],
    ["move", moveDanger(stack, report)],
  ];
  return all.flatMap(([kind, reason]) => (reason ? [{ kind, about: [stack.what], reason }] : []));
}

const KEEPS_SIZE = ours("a running network keeps its size");

function networkDanger(resources: readonly ResourceChange[], network: CycleNetwork | undefined): Phrase | undefined {
  const steps = resources.filter(isNetworkStep);
  const has = (operation: string) => steps.some((step) => step.operation === operation);
  if (has("replace") || (has("create") && has("delete")))
    return ours("The network is replaced: all of it is lost, and its simmer begins anew.");
  if (has("delete")) return ours("The network is deleted, and its simmer with it.");
  if (has("create") && network?.stage === "complete")
    return ours("The network is created again although it runs: its simmer begins anew.");
  if (!has("update")) return undefined;
  const sizes = steps.flatMap(specChanges).filter(({ key }) => SIZES.includes(key));
  if (sizes.length > 0)
    return say`Its next deployment is refused (${namesOf(sizes.map(({ key }) => key))} changed): ${KEEPS_SIZE}.`;
  return ours("The network step runs again: it keeps a complete network, but replaces one that does not answer.");
}

function channelDanger(certain: number, open: number, network: CycleNetwork | undefined): Phrase | undefined {
  if (!network || network.channels.length === 0) return undefined;
  const change = certain === 1 ? "changes" : "change";
  const may = certain === 0 ? `${open} of its resources may change` : `${open} more may`;
  const texts = [...(certain > 0 ? [`${certain} of its resources ${change}`] : []), ...(open > 0 ? [may] : [])];
  return say`${namesOf(network.channels)} points to it, and ${ours(texts.join(", "))}.`;
}

/** Names that exist and would lead elsewhere, or be gone. A planned move changes the one leading record on purpose. */
function namesDanger(
  certain: readonly ResourceChange[],
  open: readonly ResourceChange[],
  moves: boolean,
): Phrase | undefined {
  const names = certain.filter((one) => isName(one) && one.operation !== "create" && !(moves && isMove(one)));
  const perhaps = open.filter(isName).length;
  const texts = (["delete", "replace", "update"] as const).flatMap((operation) => {
    const those = names.filter((one) => one.operation === operation);
    if (those.length === 0) return [];
    const keys = [...new Set(those.flatMap(({ changes }) => changes.map(({ path }) => path)))];
    const which = operation === "update" && keys.length > 0 ? say` (${namesOf(keys)})` : [];
    const [one, many] = {
      delete: ["is deleted", "are deleted"],
      replace: ["is replaced", "are replaced"],
      update: ["changes", "change"],
    }[operation];
    return [say`${ours(`${counted(those.length, "DNS name")} ${those.length === 1 ? one : many}`)}${which}`];
  });
  if (perhaps > 0) texts.push(ours(`${counted(perhaps, "DNS name")} may change`));
  return texts.length > 0 ? say`${listed(texts)}: a mistake there hides it from its users.` : undefined;
}

const isMove = (resource: ResourceChange): boolean =>
  resource.operation === "update" && isLeading(resource) && resource.changes.every(({ path }) => path === "content");

/** Where the name of the store stands: the variable of each step, and the archived settings. */
const STORE = /^environment\.ARCHIVE$|^environment\.NETWORK_RECORD\..*config\.json"?\]?\.archive$/;

function archiveDanger(resources: readonly ResourceChange[], certain: readonly ResourceChange[]): Phrase | undefined {
  const kept = resources.filter((one) => one.operation === "update" || one.operation === "replace");
  if (kept.some(({ changes }) => changes.some(({ path }) => STORE.test(path))))
    return ours(
      "The store changes (setting archive): records and archives that are in the old one are no longer found.",
    );
  const gone = certain.filter(
    (one) => ARCHIVING.includes(componentOf(one)) && one.operation !== "create" && one.operation !== "update",
  );
  if (gone.length === 0 || resources.some((one) => isNetworkStep(one) && one.operation === "delete")) return undefined;
  return ours("A step that archives the network or guards its retirement is deleted or replaced.");
}

/** What the edge keeps of networks that are long gone. */
function keptDanger(resources: readonly ResourceChange[]): Phrase | undefined {
  const lost = resources.some(
    (one) => kindOf(one) === "WorkersKvNamespace" && ["delete", "replace"].includes(one.operation),
  );
  return lost
    ? ours("The namespace of the edge is lost, and with it pages and configs of networks that are gone.")
    : undefined;
}

/** A release of a network that did not simmer. */
function moveDanger({ what }: StackPreview, { moves, networks }: PreviewReport): Phrase | undefined {
  const move = moves.find(({ channel }) => channel === what);
  if (!move) return undefined;
  const simmer = networks.find(({ tag }) => tag === move.tag)?.simmer;
  if (simmer?.certified) return undefined;
  const far = simmer ? ours(`day ${simmer.day} of ${simmer.of}`) : ours("nobody watched it");
  return say`It moves to ${move.tag}, which has no simmer certificate (${far}).`;
}

/** Findings with the same reason are one. */
function merged(findings: readonly Finding[]): Finding[] {
  return grouped(findings, ({ kind, reason }) => JSON.stringify([kind, reason])).flatMap((alike) => {
    const [first] = alike;
    return first ? [{ ...first, about: [...new Set(alike.flatMap(({ about }) => about))] }] : [];
  });
}

/** A finding as a line. */
export const findingText = ({ about, reason }: Finding): Phrase =>
  about.length > 0 ? say`${namesOf(about)}: ${reason}` : reason;

/** The most lines that findings of one list take. Beyond them, findings of one kind share a line. */
const MOST_LINES = 8;

/** Findings as lines; none is left out. */
export function findingLines(findings: readonly Finding[], most = MOST_LINES): Phrase[] {
  if (findings.length <= most) return findings.map(findingText);
  return grouped(findings, ({ kind }) => kind).flatMap((alike) => {
    const [first, ...others] = alike;
    if (!first) return [];
    if (others.length === 0) return [findingText(first)];
    return [
      say`${findingText(first)} Of this kind also: ${namesOf([...new Set(others.flatMap(({ about }) => about))])}.`,
    ];
  });
}
