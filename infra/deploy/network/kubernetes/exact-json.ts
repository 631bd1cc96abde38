import { isObject } from "../../../base/lib/json";

/**
 * JSON text, indented, in which a `bigint` is a number with all its digits. A balance may be larger than 2^53, up to
 * which JavaScript's own numbers are exact.
 */
export function exactJson(value: unknown, indent = ""): string {
  const deeper = `${indent}  `;
  const block = (open: string, parts: readonly string[], close: string): string =>
    parts.length === 0 ? `${open}${close}` : `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) {
    const items = value.map((item) => exactJson(item, deeper));
    return block("[", items, "]");
  }
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const known = Object.entries(value).filter(([, entry]) => entry !== undefined);
  const entries = known.map(([key, entry]) => `${JSON.stringify(key)}: ${exactJson(entry, deeper)}`);
  return block("{", entries, "}");
}
