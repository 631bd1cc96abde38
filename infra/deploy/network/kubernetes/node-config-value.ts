import { goDuration } from "../../../base/lib/go-duration";
import { isObject, valueAt } from "../../../base/lib/json";

/** A node's config file, or a part of one. */
export type NodeConfig = Readonly<Record<string, unknown>>;

/** One config over another: objects merge by key, everything else replaces. */
export function merged(below: NodeConfig, above: NodeConfig): NodeConfig {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const under = result.get(key);
    result.set(key, isObject(under) && isObject(value) ? merged(under, value) : value);
  }
  return Object.fromEntries(result);
}

/** Maps that a file replaces as a whole (go-spacemesh node/node.go, WithZeroFields). */
const MAPS = [
  ["genesis", "accounts"],
  ["fetch", "servers"],
] as const;

/** What a node makes of a preset and a config file. */
export function effective(preset: NodeConfig, file: NodeConfig): NodeConfig {
  const config = new Map(Object.entries(merged(preset, file)));
  for (const [section, key] of MAPS) {
    const map = valueAt(file, [section, key]);
    const part = config.get(section);
    if (map !== undefined && isObject(part)) config.set(section, { ...part, [key]: map });
  }
  return Object.fromEntries(config);
}

/** A Go duration in a config, in milliseconds; undefined when it is absent or none. A number is none. */
export function durationAt(config: NodeConfig, ...path: readonly string[]): number | undefined {
  const value = valueAt(config, path);
  if (typeof value !== "string") return undefined;
  try {
    return Math.round(goDuration(value) * 1e9) / 1e6;
  } catch {
    return undefined;
  }
}

/** A number in a config; undefined when it is absent or none. */
export function numberAt(config: NodeConfig, ...path: readonly string[]): number | undefined {
  const value = valueAt(config, path);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
