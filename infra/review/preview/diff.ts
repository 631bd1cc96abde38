import { masked } from "../../base/lib/masked";
import type { Operation, PropertyChange, ResourceChange, StackPreview } from "./model";
import { counted } from "./phrase";
import { type CertainChange, kindOf, split } from "./resources";
import { cut, plainOf, visible } from "./text";

/** Longest value in one line, in UTF-16 units. */
const LONGEST_VALUE = 160;
/** Longest pair of values that share a line. */
const LONGEST_PAIR = 80;
/** Most properties of a resource that are shown. */
const MOST_PROPERTIES = 6;
/** Most lines of a text of several lines that are shown on each side. */
const MOST_LINES = 3;

/** Most names in a line. */
const MOST_NAMES = 4;
/** Beyond so many resources that a stack creates, they share lines. */
const MOST_CREATED = 10;

/** What is lost comes first. */
const ORDER: readonly Operation[] = ["delete", "replace", "update", "create"];

/** A part of a diff that is shown as a whole, or not at all. */
export interface DiffItem {
  readonly lines: readonly string[];
  /** Number of resources in it. */
  readonly resources: number;
  /** Whether it deletes or replaces. */
  readonly isLoss: boolean;
}

/** The diff of a stack: deletions and replacements first, and last in one item what only may follow. */
export function diffOf(stack: StackPreview): DiffItem[] {
  const { certain, open } = split(stack);
  const sorted = [...certain].sort((a, b) => ORDER.indexOf(a.operation) - ORDER.indexOf(b.operation));
  const made = sorted.filter(({ operation }) => operation === "create");
  const isMany = made.length > MOST_CREATED;
  const items: DiffItem[] = sorted
    .filter((resource) => !isMany || resource.operation !== "create")
    .map((resource) => ({
      lines: resourceLines(resource),
      resources: 1,
      isLoss: resource.operation === "delete" || resource.operation === "replace",
    }));
  if (isMany) items.push({ lines: namesIn(made, "+ create "), resources: made.length, isLoss: false });
  if (open.length > 0) items.push({ lines: openLines(open), resources: open.length, isLoss: false });
  return items;
}

/** A resource that would change, as lines of a diff: what it is, then its properties. */
function resourceLines(resource: CertainChange): string[] {
  const { operation, changes, openValues } = resource;
  const title = `${operation} ${nameOf(resource)}`;
  if (operation === "create") return [`+ ${title}`];
  if (operation === "delete") return [`- ${title}`];
  const sorted = [...changes.filter(({ replaces }) => replaces), ...changes.filter(({ replaces }) => !replaces)];
  const rest = sorted.length - MOST_PROPERTIES;
  return [
    `@@ ${title} @@`,
    ...sorted.slice(0, MOST_PROPERTIES).flatMap(propertyLines),
    ...(rest > 0 ? [`  ... ${rest} more ${rest === 1 ? "property" : "properties"}`] : []),
    ...(openValues > 0 ? [`  ... ${counted(openValues, "value")} known only in the deployment`] : []),
  ];
}

const nameOf = (resource: ResourceChange): string =>
  `${plainOf(resource.name, LONGEST_VALUE)} (${plainOf(kindOf(resource), LONGEST_VALUE)})`;

/** Several names a line. */
const namesIn = (resources: readonly ResourceChange[], sign: string): string[] =>
  Array.from(
    { length: Math.ceil(resources.length / MOST_NAMES) },
    (_, i) =>
      `${sign}${resources
        .slice(i * MOST_NAMES, (i + 1) * MOST_NAMES)
        .map(nameOf)
        .join(", ")}`,
  );

/** Most lines of what only may change. */
const MOST_OPEN_LINES = 4;

function openLines(resources: readonly ResourceChange[]): string[] {
  const rest = resources.length - MOST_OPEN_LINES * MOST_NAMES;
  return [
    `@@ ${counted(resources.length, "resource")} may change: their values are known only in the deployment @@`,
    ...namesIn(resources, "  ").slice(0, MOST_OPEN_LINES),
    ...(rest > 0 ? [`  ... ${rest} more`] : []),
  ];
}

const LATER = "(known after the deployment)";

function propertyLines({ path, kind, replaces, before, after }: PropertyChange): string[] {
  const name = plainOf(path, LONGEST_VALUE) + (replaces ? " (replaces it)" : "");
  if (kind === "add") return [`+ ${name}: ${shownValue(after ?? LATER)}`];
  if (kind === "remove") return [`- ${name}${before === undefined ? "" : `: ${shownValue(before)}`}`];
  if (before === undefined && after === undefined) return [`! ${name}`];
  const [was, is] = [before ?? "(unknown)", after ?? LATER];
  if (was.includes("\n") && is.includes("\n")) return [`! ${name}:`, ...textLines(was, is)];
  const [old, made] = [shownValue(was), shownValue(is)];
  if (old.length + made.length <= LONGEST_PAIR) return [`! ${name}: ${old} -> ${made}`];
  return [`- ${name}: ${old}`, `+ ${name}: ${made}`];
}

const shownValue = (value: string): string => visible(cut(masked(value), LONGEST_VALUE));

/** The lines that only one of two texts has. */
function textLines(before: string, after: string): string[] {
  const [was, is] = [masked(before).split("\n"), masked(after).split("\n")];
  const side = (sign: string, lines: readonly string[]) => {
    const rest = lines.length - MOST_LINES;
    const shown = lines.slice(0, MOST_LINES).map((line) => `${sign} ${shownValue(line.trim())}`);
    return rest > 0 ? [...shown, `${sign} ... ${counted(rest, "more line")}`] : shown;
  };
  const lines = [...side("-", without(was, is)), ...side("+", without(is, was))];
  return lines.length > 0 ? lines : ["  ... the same lines in another order"];
}

/** Lines of one text less those of another, each as often as it stands there. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Map<string, number>();
  for (const line of others) known.set(line, (known.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = known.get(line) ?? 0;
    known.set(line, count - 1);
    return count <= 0;
  });
}
