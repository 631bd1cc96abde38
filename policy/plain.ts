import { UnknownValueError } from "@pulumi/policy";
import { UNKNOWN } from "./checks/value";

/**
 * Inputs as plain data, with `UNKNOWN` for what the engine does not know yet. The library's own view of them throws
 * there, and a check would then say nothing about the rest of the resource.
 */
export const plainOf = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.keys(properties).map((key) => [key, plainAt(properties, key)]));

function plainAt(parent: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(parent, key);
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value.keys(), (i) => plainAt(value, i));
  return Object.fromEntries(Object.keys(value).map((name) => [name, plainAt(value, name)]));
}
