import { pendingOf } from "../../base/engine/state";
import { type BuildTag, buildTag, fromStackName, stackName } from "../../base/model/build-tag";
import { type ChannelState, isHalfDone, type Known, newestOf } from "../../base/model/promotion";
import { stageOf } from "../../promote/stage";
import { replacedBy } from "../../retire/due";
import * as mend from "./mend";
import type { Finding, Note } from "./model";
import { type Hand, type Here, handOn, isLeaving, resourcesOf, type SeenStack } from "./standing";

/** The stacks that an engine is updating, or may be updating. */
export const updatingStacks = (stacks: readonly SeenStack[], here: Here): Note[] =>
  stacks.flatMap((stack) => {
    const hand = handOn(stack, here);
    return hand.kind === "updating" ? [{ what: mend.nameOf(stack.name), why: hand.why }] : [];
  });

/**
 * A stack whose last run did not finish; undefined when it is settled, or an engine is at it.
 * @param elsewhere what is left of it outside its state, a phrase each
 */
export function unfinished(stack: SeenStack, here: Here, elsewhere: readonly string[]): Finding | undefined {
  const hand = handOn(stack, here);
  if (hand.kind === "updating" || !stack.state) return undefined;
  const pending = pendingOf(stack.state);
  const isWhole = !hasStages(stack) || resourcesOf(stack).length === 0 || stageOf(stack.state) === "complete";
  if (hand.kind === "none" && pending.length === 0 && isWhole) return undefined;
  const isOnlyLocked = pending.length === 0 && isWhole;
  return {
    kind: "unfinished",
    what: `stack ${stack.name}`,
    why: whyUnfinished(stack, hand, pending.length),
    left: [
      ...(hand.kind === "none" ? [] : [`the lock: ${hand.why}`]),
      ...pending.map(({ type, resource }) => `unfinished operation: ${type} ${lastOf(resource.urn)}`),
      ...(isWhole ? [] : stepsLeft(stack)),
      ...elsewhere,
    ],
    mend: hand.kind === "lost" || isOnlyLocked ? mend.recover(stack.name, hand.kind === "lost") : continuing(stack),
  };
}

/** Only the stack of a network has stages. */
const hasStages = ({ name }: SeenStack): boolean => fromStackName(name) !== undefined;

function whyUnfinished(stack: SeenStack, hand: Hand, pending: number): string {
  const tag = fromStackName(stack.name);
  const run =
    tag && isLeaving(stack) ? `the retirement of ${buildTag(tag)}` : `the deployment of ${mend.nameOf(stack.name)}`;
  if (hand.kind === "dead" || pending > 0) return `${run} was killed`;
  if (hand.kind === "lost") return "its lock is older than any update takes";
  return `${run} stopped before its end`;
}

/** The command that continues what was interrupted. */
function continuing(stack: SeenStack): string {
  const tag = fromStackName(stack.name);
  if (tag && isLeaving(stack)) return mend.retire(tag);
  return tag || stack.name === "edge" ? mend.deploy(stack.name) : mend.recover(stack.name);
}

/** What the state still holds, in the order of creation: its steps, then the other resources by their kind. */
function stepsLeft(stack: SeenStack): string[] {
  const own = resourcesOf(stack).filter(({ type }) => !/^(pulumi|smeshnet):/.test(type));
  const steps = own.filter(({ type }) => type === "command:local:Command").map(({ urn }) => lastOf(urn));
  const kinds = new Map<string, number>();
  for (const { type } of own) {
    const kind = type.split(":").at(-1) ?? type;
    if (kind !== "Command") kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [
    ...(steps.length > 0 ? [`steps in the state: ${steps.join(", ")}`] : []),
    ...[...kinds].map(([kind, count]) => `in the state: ${count} ${kind}`),
  ];
}

const lastOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** What decides whether a stack has a reason to live. */
export interface Reasons {
  /** Names of the configured channels. */
  readonly configured: readonly string[];
  /** What is known of them. */
  readonly channels: ReadonlyMap<string, Known>;
  /** Hours, as configured. */
  readonly retireAfter: number;
  /** Stacks of networks with a line in the public history; undefined when nobody could look. */
  readonly retired?: ReadonlySet<string>;
}

/** A daily job retires what is due, so a network is overdue a day later. In milliseconds. */
const A_DAY = 86_400_000;

/** A stack without a reason to live; undefined when it has one, or somebody is at it. */
export function needless(stack: SeenStack, reasons: Reasons, here: Here): Finding | undefined {
  const { name } = stack;
  if (!stack.state || handOn(stack, here).kind !== "none") return undefined;
  const tag = fromStackName(name);
  const found = (why: string, command: string): Finding => ({
    kind: "needless",
    what: `stack ${name}`,
    why,
    mend: command,
  });
  if (resourcesOf(stack).length === 0) {
    // A retired network keeps its empty stack. Whatever was never deployed keeps nothing.
    if (tag && reasons.retired?.has(name) !== false) return undefined;
    return found("it is empty, and nothing of it is in the history", mend.removeStack(name));
  }
  if (!tag && name !== "edge" && !reasons.configured.includes(name))
    return found(`no channel ${name} is configured`, mend.destroyStack(name));
  const overdue = tag && overdueIn(tag, reasons, here.now);
  return overdue ? found(overdue, "smeshnet retire --due") : undefined;
}

/** Why the retirement of a network is overdue; undefined when it is not. */
function overdueIn(tag: BuildTag, { configured, channels, retireAfter }: Reasons, now: number): string | undefined {
  if (!configured.every((name) => channels.has(name))) return undefined; // one of them may point to it
  const states: [string, ChannelState][] = [...channels].map(([name, { state }]) => [name, state]);
  if (states.some(([, { promotion }]) => promotion?.tag === buildTag(tag))) return undefined;
  for (const [channel, state] of states) {
    const replaced = replacedBy(channel, state, retireAfter).find((one) => stackName(one.tag) === stackName(tag));
    if (replaced && replaced.due + A_DAY <= now)
      return `${replaced.why}, and its retirement is due since ${new Date(replaced.due).toISOString()}`;
  }
  return undefined;
}

/** A promotion that was recorded and did not arrive; undefined when there is none, or somebody is at the channel. */
export function halfDone(channel: string, known: Known, stack: SeenStack | undefined, here: Here): Finding | undefined {
  const { last } = known;
  const isLeft = newestOf(known)?.abandoned !== undefined && last?.abandoned?.backAt === undefined;
  if (!last || !(isHalfDone(known) || isLeft) || (stack && handOn(stack, here).kind === "updating")) return undefined;
  const how = last.kind === "demotion" ? "demotion" : "promotion";
  return {
    kind: "unfinished",
    what: `channel ${channel}`,
    why: `the ${how} to ${last.release} (${last.tag}), generation ${last.generation}, ${
      isLeft ? "was given up, and names may still lead there" : "was recorded and is not complete"
    }`,
    mend: isLeft ? mend.abandonAgain(last) : mend.moveAgain(last),
  };
}
