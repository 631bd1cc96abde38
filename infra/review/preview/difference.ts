import { isObject, parsedJson } from "../../base/lib/json";
import type { PropertyChange } from "./model";

/** What the engine puts in the place of a value that it does not know before the deployment. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key and its value by which the engine marks an object as a secret. */
const SECRET = { key: "4dabf18193072939515e22adb298388d", value: "1b47061264138c4ac30d75fd1eb44270" };
/** How a secret is shown. */
export const MASK = "[secret]";

/** A value of an input that does not exist. */
const NOTHING = Symbol("nothing");
/** A value that the engine does not know yet. */
const LATER = Symbol("later");

type Step = string | number;

/**
 * The differences between the inputs of a resource before and after, sorted by path. A text that holds a JSON document
 * is compared as the document, so that a change names the value within it. Secrets stay masked.
 * @param replacing paths as the engine names them, e.g. `environment.SPEC`, that make it replace the resource
 */
export function differences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  replacing: readonly string[] = [],
): PropertyChange[] {
  const found: PropertyChange[] = [];
  compare([], before, after, (path, was, is) => {
    const text = pathText(path);
    const replaces = replacing.some((one) => contains(one, text) || contains(text, one));
    const kind = was === NOTHING ? "add" : is === NOTHING ? "remove" : "change";
    found.push({ path: text, kind, replaces, ...shownAs("before", was), ...shownAs("after", is) });
  });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a path is another one or lies below it. */
export const contains = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);

/** The value at a path as the engine names it, as a change shows it; nothing when there is none. */
export function shownAt<K extends "before" | "after">(
  key: K,
  document: Readonly<Record<string, unknown>>,
  path: string,
): { readonly [P in K]?: string } {
  let value: unknown = document;
  for (const step of stepsOf(path)) value = childOf(opened(value), step);
  return shownAs(key, normal(value));
}

type Report = (path: readonly Step[], before: unknown, after: unknown) => void;

function compare(path: readonly Step[], was: unknown, is: unknown, report: Report): void {
  const [before, after] = [normal(was), normal(is)];
  if (Object.is(before, after)) return;
  const [outer, inner] = [opened(before), opened(after)];
  if (isObject(outer) && isObject(inner)) {
    for (const key of keysOf(outer, inner)) compare([...path, key], childOf(outer, key), childOf(inner, key), report);
  } else if (Array.isArray(outer) && Array.isArray(inner)) {
    const length = Math.max(outer.length, inner.length);
    for (let i = 0; i < length; i++) compare([...path, i], childOf(outer, i), childOf(inner, i), report);
  } else report(path, before, after);
}

const keysOf = (...objects: readonly Readonly<Record<string, unknown>>[]): string[] =>
  [...new Set(objects.flatMap((one) => Object.keys(one)))].sort();

const childOf = (value: unknown, step: Step): unknown => {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return NOTHING;
  return Reflect.get(value, step);
};

/** A value without the engine's own marks. A secret is its mask, whatever is behind it. */
function normal(value: unknown): unknown {
  if (value === UNKNOWN) return LATER;
  return isObject(value) && value[SECRET.key] === SECRET.value ? MASK : value;
}

/** The document that a text holds, if it holds an object or a list; else the value itself. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  const document = parsedJson(value);
  return typeof document === "object" && document !== null ? document : value;
}

function shownAs<K extends "before" | "after">(key: K, value: unknown): { readonly [P in K]?: string };
function shownAs(key: "before" | "after", value: unknown) {
  if (value === NOTHING || value === LATER) return {};
  return { [key]: typeof value === "string" ? value : JSON.stringify(masked(value)) };
}

/** A document in which secrets are masked, and values that are not known yet say so. */
function masked(value: unknown): unknown {
  const plain = normal(value);
  if (plain === LATER) return "(known after the deployment)";
  if (Array.isArray(plain)) return plain.map(masked);
  if (!isObject(plain)) return plain;
  return Object.fromEntries(Object.entries(plain).map(([key, one]) => [key, masked(one)]));
}

/** `environment.SPEC.nodes[0]`; a key with other characters stands in brackets, as the engine writes it. */
const pathText = (path: readonly Step[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");

/** The steps of a path that the engine wrote. */
const stepsOf = (path: string): Step[] =>
  [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, key]) =>
    index !== undefined ? Number(index) : (quoted ?? key ?? ""),
  );
