/** Milliseconds of the units of Go's durations (pkg.go.dev/time, ParseDuration). */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Parts of a duration, e.g. `1h`, `2.5m`. */
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/**
 * Milliseconds of a Go duration, e.g. `5m` or `1m30s`; undefined when the text is none. A plain number is nanoseconds,
 * as in a config file of the node.
 */
export function goDuration(value: unknown): number | undefined {
  if (typeof value === "number") return value * 1e-6;
  if (typeof value !== "string") return undefined;
  if (value === "0") return 0;
  const parts = [...value.matchAll(PART)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === value;
  return isWhole
    ? parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0)
    : undefined;
}
