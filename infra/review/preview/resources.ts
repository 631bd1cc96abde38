import { parsedJson } from "../../base/lib/json";
import { PROMOTED_NETWORK_STAYS } from "../../base/model/policies";
import { CHANNEL_STEPS, STEPS } from "../../base/model/steps";
import type { Operation, PropertyChange, ResourceChange, StackPreview, Violation } from "./model";

/** A stack that the engine could preview. */
export interface PreviewedStack extends StackPreview {
  readonly outcome: Extract<StackPreview["outcome"], { kind: "previewed" }>;
}

export const isPreviewed = (stack: StackPreview): stack is PreviewedStack => stack.outcome.kind === "previewed";

/** Resources that would change; none in a stack that could not be previewed. */
export const changesOf = (stack: StackPreview): readonly ResourceChange[] =>
  isPreviewed(stack) ? stack.outcome.resources : [];

/** The outermost component of ours that holds a resource, e.g. `Explorer`; empty at the edge, which has none. */
export function componentOf({ urn, component }: ResourceChange): string {
  const types = urn.split("::")[2]?.split("$") ?? [];
  const outermost = types.find((type) => type.startsWith("smeshnet:")) ?? component?.type ?? "";
  return outermost.split(":").at(-1) ?? "";
}

/** `Deployment` of `kubernetes:apps/v1:Deployment`; a command is a step of ours. */
export const kindOf = ({ type }: ResourceChange): string =>
  type === "command:local:Command" ? "step" : (type.split(":").at(-1) ?? type);

/** The step that creates and removes a network. */
export const isNetworkStep = (resource: ResourceChange): boolean =>
  componentOf(resource) === "Network" && resource.name === STEPS.network;

/** Whether a resource is a name that the public looks up: a record, or a host of the edge. */
export const isName = (resource: ResourceChange): boolean => /Record$|Domain$/.test(kindOf(resource));

/** Components of a network whose loss or change touches what is archived. */
export const ARCHIVING: readonly string[] = ["LogArchive", "History", "RetirementGuard"];

/** The resource that moves a channel to its network: its one leading record. */
export const isLeading = (resource: ResourceChange): boolean =>
  componentOf(resource) === "ChannelDns" && resource.name.startsWith("gateway.");

export const announces = (resource: ResourceChange): boolean =>
  componentOf(resource) === "Announcement" && resource.name === CHANNEL_STEPS.announcement;

/** Keys of the spec whose change the driver refuses for a running network (deploy/network/spacecraft/plan.ts). */
export const SIZES: readonly string[] = ["miners", "poets"];

/** A value of the network's spec that would change. */
export interface SpecChange {
  readonly key: string;
  readonly before?: string;
  readonly after?: string;
}

/** Keys of the network's spec that a change touches, with their values, e.g. `miners`, in the order of the engine. */
export function specChanges({ changes }: ResourceChange): SpecChange[] {
  return changes.flatMap(({ path, before, after }) => {
    const key = /^environment\.NETWORK_SPEC\.(.+)$/.exec(path)?.[1];
    return key === undefined ? [] : [{ key, ...(before ? { before } : {}), ...(after ? { after } : {}) }];
  });
}

/** Channels that a change lets a network's gateway accept, or no longer accept. The guard holds their list. */
export function channelsOf(stack: StackPreview, kind: "add" | "remove"): string[] {
  if (stack.kind === "edge") {
    const wanted: Operation = kind === "add" ? "create" : "delete";
    return changesOf(stack).flatMap(({ operation, name }) => {
      const channel = /^channel-(.+)$/.exec(name)?.[1];
      return channel !== undefined && operation === wanted ? [channel] : [];
    });
  }
  const guards = changesOf(stack).filter((resource) => componentOf(resource) === "RetirementGuard");
  const named = guards.flatMap(({ operation, changes }) =>
    operation === "update" ? changes.filter(({ path }) => path.startsWith("environment.CHANNELS")) : [],
  );
  const [before, after] = [
    named.flatMap(({ before }) => channelIn(before)),
    named.flatMap(({ after }) => channelIn(after)),
  ];
  return kind === "add"
    ? after.filter((name) => !before.includes(name))
    : before.filter((name) => !after.includes(name));
}

/** Names of channels in a value: of one channel, or of the whole list. */
function channelIn(value: string | undefined): string[] {
  const document = value === undefined ? undefined : parsedJson(value);
  if (typeof document === "string") return [];
  const all: unknown[] = Array.isArray(document) ? document : [document];
  return all.flatMap((one) => {
    const name = typeof one === "object" && one !== null && "name" in one ? one.name : undefined;
    return typeof name === "string" ? [name] : [];
  });
}

/**
 * What happens to a resource for certain. `open`: the engine only fears a change, since it does not know a value yet. A
 * step that runs again may answer as before, and then nothing follows from it.
 */
type Certainty = Operation | "open";

function certaintyOf(resource: ResourceChange, open: readonly PropertyChange[]): Certainty {
  const { operation, changes } = resource;
  if (operation === "create" || operation === "delete" || isNetworkStep(resource)) return operation;
  if (open.length === 0) return operation;
  const known = changes.filter((change) => !open.includes(change) && !isFiller(change));
  if (known.length === 0) return "open";
  return known.some(({ replaces }) => replaces) || open.every(({ replaces }) => !replaces) ? operation : "update";
}

/**
 * Whether a value is known only in the deployment. A change without any value is certain: it is behind a mask, or in
 * the world.
 */
const isOpen = ({ path, kind, before, after }: PropertyChange, isRerun: boolean): boolean =>
  path === "provider" ? isRerun : kind === "change" && before !== undefined && after === undefined;

/** What the engine adds and leaves out by itself once it considers a replacement. */
const isFiller = ({ path, kind, after }: PropertyChange): boolean =>
  (kind === "add" && (after === "[]" || after === "{}")) ||
  (kind === "remove" && /^metadata\.(name|annotations\["pulumi\.com\/autonamed"\])$/.test(path));

/** A resource that would change for certain, without the values that are known only in the deployment. */
export interface CertainChange extends ResourceChange {
  /** Number of those values. */
  readonly openValues: number;
}

/** What would change for certain, and what may. */
export function split(stack: StackPreview): { certain: CertainChange[]; open: ResourceChange[] } {
  const certain: CertainChange[] = [];
  const open: ResourceChange[] = [];
  // With another answer of the network step the engine would need another provider for all that is in the cluster.
  const isRerun = changesOf(stack).some(isNetworkStep);
  for (const resource of changesOf(stack)) {
    const values = resource.changes.filter((change) => isOpen(change, isRerun));
    const certainty = certaintyOf(resource, values);
    const changes = resource.changes.filter((change) => !values.includes(change));
    if (certainty === "open") open.push(resource);
    else certain.push({ ...resource, operation: certainty, changes, openValues: values.length });
  }
  return { certain, open };
}

/** Resources by what happens to them, in the order of the table. */
export interface Counts extends Readonly<Record<Operation, number>> {
  /** Those that may change. */
  readonly open: number;
  readonly same: number;
}

export function countsOf(stacks: readonly StackPreview[]): Counts {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, open: 0, same: 0 };
  for (const stack of stacks) {
    const { certain, open } = split(stack);
    for (const { operation } of certain) counts[operation]++;
    counts.open += open.length;
    counts.same += isPreviewed(stack) ? stack.outcome.unchanged : 0;
  }
  return counts;
}

/**
 * The violation by which the engine refuses to deploy a network again, because a channel points to it. The network then
 * stays as it is: a team may agree to that, for the change is meant for the next network.
 */
export const refusalOf = (stack: StackPreview): Violation | undefined =>
  isPreviewed(stack)
    ? stack.outcome.violations.find(({ policy, mandatory }) => mandatory && policy === PROMOTED_NETWORK_STAYS)
    : undefined;
