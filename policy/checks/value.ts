import { isObject } from "../../infra/base/lib/json";

/**
 * Stands for a value that the engine learns only when it creates something else. A preview has many. An update asks
 * about the same resource again, with the value.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A resource as a program asks for it: the inputs, secrets in clear. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A rule for single resources. Each violation is one line: what is wrong, then what to do. */
export type Check<Context = unknown> = (resource: Resource, context: Context) => readonly string[];

/** The value at a path; `UNKNOWN` as soon as a part of the path is, undefined where the path leads nowhere. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((part, key) => {
    if (part === UNKNOWN) return UNKNOWN;
    return typeof part === "object" && part !== null ? Reflect.get(part, key) : undefined;
  }, value);

/** The text at a path; undefined when there is none, or nobody knows it yet. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The items of a list at a path; empty when there is none, or nobody knows it yet. */
export function itemsAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The entries of an object at a path; empty when there is none, or nobody knows it yet. */
export function entriesAt(value: unknown, ...path: readonly (string | number)[]): readonly [string, unknown][] {
  const found = at(value, ...path);
  return isObject(found) ? Object.entries(found) : [];
}
