import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf, stripColours, typeOf } from "../../base/engine/event-text";
import { CHANNEL_STEPS, STEPS } from "../../base/model/steps";
import { contains, differences, MASK, shownAt } from "./difference";
import type { Operation, PropertyChange, ResourceChange, Violation } from "./model";

/** What the engine's events of one preview say. */
export interface Seen {
  /** Resources that would change, in the order of the cycle, which does not depend on the engine's timing. */
  readonly resources: readonly ResourceChange[];
  /** Number of resources that stay as they are. */
  readonly unchanged: number;
  readonly violations: readonly Violation[];
  /** What the engine, its plugins and the program reported as errors, sorted. */
  readonly errors: readonly string[];
}

/** A step of the engine on a resource. */
type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** Reads the engine's events of a preview. */
export function seenIn(events: readonly EngineEvent[]): Seen {
  const steps = new Map<string, Metadata[]>();
  for (const { resourcePreEvent } of events) {
    const { metadata } = resourcePreEvent ?? {};
    if (metadata && isResource(metadata.urn)) steps.set(metadata.urn, [...(steps.get(metadata.urn) ?? []), metadata]);
  }
  const all = [...steps.values()];
  const parents = parentsIn(events);
  const changes = all.flatMap((several) => changeOf(several, parents) ?? []);
  return {
    resources: changes.sort(byCycle),
    unchanged: all.filter((several) => several.every(({ op }) => operationOf(op) === undefined)).length,
    violations: events.flatMap(violationIn).sort((a, b) => compareTexts(textOf(a), textOf(b))),
    errors: events.flatMap(errorIn).sort(compareTexts),
  };
}

/** What the engine's steps on one resource amount to; nothing when it stays as it is. */
function changeOf(steps: readonly Metadata[], parents: ReadonlyMap<string, string>): ResourceChange | undefined {
  const operations = steps.flatMap(({ op }) => operationOf(op) ?? []);
  const operation = amounting(operations);
  // Of the steps of a replacement, the one that creates tells what is different.
  const told = steps.find(({ old, new: made }) => old && made) ?? steps.find(({ op }) => operationOf(op)) ?? steps[0];
  if (operation === undefined || told === undefined) return undefined;
  const { urn, type } = told;
  return {
    operation,
    urn,
    type,
    name: nameOf(urn),
    ...componentOf(urn, parents),
    changes: propertiesOf(operation, told),
  };
}

/** Deleting and creating the same resource is a replacement, also when the engine does not call it one. */
function amounting(operations: readonly Operation[]): Operation | undefined {
  if (operations.includes("replace")) return "replace";
  if (operations.includes("create") && operations.includes("delete")) return "replace";
  return operations[0];
}

/** What a step of the engine does to a resource; nothing when it only looks. */
function operationOf(op: string): Operation | undefined {
  if (["same", "read", "read-discard", "refresh", "discard", "discard-replaced"].includes(op)) return undefined;
  if (/replace/.test(op)) return "replace";
  if (op === "create" || op === "import") return "create";
  if (op === "delete") return "delete";
  return "update"; // what a later engine may add must not pass for unchanged
}

function propertiesOf(operation: Operation, { old, new: made, detailedDiff, keys, diffs }: Metadata): PropertyChange[] {
  const before = operation === "create" ? {} : (old?.inputs ?? {});
  const after = operation === "delete" ? {} : (made?.inputs ?? {});
  const details = Object.entries(detailedDiff ?? {});
  const replacing = details.filter(([, { diffKind }]) => /replace/.test(diffKind)).map(([path]) => path);
  const found = differences(before, after, [...replacing, ...(keys ?? [])]);
  if (operation === "create" || operation === "delete") return found;
  // The engine also knows of differences that inputs do not show: behind a mask, in the provider, or in the world.
  const told = [...details.map(([path]) => path), ...(diffs ?? []), ...(keys ?? [])];
  const hidden = [...new Set(told)].filter(
    (path) => !found.some((one) => contains(path, one.path) || contains(one.path, path)),
  );
  const more = hidden.map(
    (path): PropertyChange => ({
      path,
      kind: kindOf(detailedDiff?.[path]?.diffKind),
      replaces: replacing.includes(path) || (keys ?? []).includes(path),
      ...onlyMask(shownAt("before", before, path)),
      ...onlyMask(shownAt("after", after, path)),
    }),
  );
  return [...found, ...more].sort((a, b) => compareTexts(a.path, b.path));
}

/** Values that look the same on both sides say nothing, unless they are masked. */
const onlyMask = <T extends { readonly before?: string; readonly after?: string }>(shown: T): Partial<T> =>
  (shown.before ?? shown.after) === MASK ? shown : {};

const kindOf = (diffKind: string | undefined): PropertyChange["kind"] =>
  diffKind?.startsWith("add") ? "add" : diffKind?.startsWith("delete") ? "remove" : "change";

/** Components only group. The stack, providers and references to other stacks are the engine's own affair. */
const isResource = (urn: string): boolean => !/^(smeshnet|pulumi):/.test(typeOf(urn));

const isComponent = (urn: string): boolean => typeOf(urn).startsWith("smeshnet:");

function parentsIn(events: readonly EngineEvent[]): ReadonlyMap<string, string> {
  const found = events.flatMap(({ resourcePreEvent }): [string, string][] => {
    const { urn, new: made, old } = resourcePreEvent?.metadata ?? {};
    const parent = made?.parent ?? old?.parent;
    return urn && parent ? [[urn, parent]] : [];
  });
  return new Map(found);
}

/** The outermost component that holds a resource, which is a step of the cycle. */
function componentOf(urn: string, parents: ReadonlyMap<string, string>): Pick<ResourceChange, "component"> {
  let outermost: string | undefined;
  for (let parent = parents.get(urn); parent !== undefined; parent = parents.get(parent)) {
    if (isComponent(parent)) outermost = parent;
  }
  return outermost === undefined ? {} : { component: { type: typeOf(outermost), name: nameOf(outermost) } };
}

/** Names of the cycle's steps in its order. Poets come after the log archive. */
const ORDER: readonly string[] = [...Object.values(STEPS), ...Object.values(CHANNEL_STEPS)];
const POETS = ORDER.indexOf(STEPS.logArchive) + 0.5;

function rankOf({ component, name }: ResourceChange): number {
  const group = component?.name ?? name;
  if (/^poet-\d+$/.test(group)) return POETS;
  const rank = ORDER.indexOf(group);
  return rank === -1 ? ORDER.length : rank;
}

/** The order of the cycle's steps, then of component, name and type. */
const byCycle = (a: ResourceChange, b: ResourceChange): number =>
  rankOf(a) - rankOf(b) ||
  compareTexts(a.component?.name ?? "", b.component?.name ?? "") ||
  compareTexts(a.name, b.name) ||
  compareTexts(a.urn, b.urn);

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function violationIn({ policyEvent }: EngineEvent): Violation[] {
  if (!policyEvent) return [];
  const { policyName, message, enforcementLevel, resourceUrn } = policyEvent;
  return [
    {
      policy: policyName,
      message: detailsOf(plain(message)),
      mandatory: enforcementLevel === "mandatory",
      ...(resourceUrn && typeOf(resourceUrn) !== "pulumi:pulumi:Stack" ? { resource: nameOf(resourceUrn) } : {}),
    },
  ];
}

/** The first line of a violation describes the rule; the rest says what is wrong and what to do. */
const detailsOf = (message: string): string => message.split("\n").slice(1).join(" ").trim() || message;

const textOf = ({ policy, resource = "", message }: Violation): string => `${policy} ${resource} ${message}`;

function errorIn({ diagnosticEvent }: EngineEvent): string[] {
  const isSilent = /cluster is unreachable/.test(diagnosticEvent?.message ?? ""); // a warning of the provider
  if (!diagnosticEvent || (diagnosticEvent.severity !== "error" && !isSilent)) return [];
  const { message, urn } = diagnosticEvent;
  const text = plain(message);
  // The engine ends a preview that failed with these words. They give no reason.
  return text === "" || text === "preview failed" ? [] : [urn && isResource(urn) ? `${nameOf(urn)}: ${text}` : text];
}

const plain = (text: string): string => stripColours(text).trim();
