/**
 * The nanoseconds of a duration as the node decodes it (time.ParseDuration); undefined when it cannot.
 * A number is one of nanoseconds.
 */
export function nanoseconds(value: unknown): bigint | undefined {
  if (typeof value === "number") return BigInt(Math.trunc(value));
  if (typeof value !== "string") return undefined;
  if (/^[-+]?0$/.test(value)) return 0n;
  const unsigned = value.replace(/^[-+]/, "");
  if (!/^(\d{1,18}(\.\d{0,18})?(ns|us|µs|ms|s|m|h)){1,9}$/.test(unsigned)) return undefined;
  const parts = [...unsigned.matchAll(/(\d+)(?:\.(\d*))?(ns|us|µs|ms|s|m|h)/g)];
  const sum = parts.reduce((all, [, count = "0", fraction = "", unit = ""]) => {
    const scale = UNITS[unit] ?? 0n;
    return all + BigInt(count) * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
  }, 0n);
  return value.startsWith("-") ? -sum : sum;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nanoseconds as Go prints a Duration: `12.8s`, `5m0s`, `300ms`. */
export function goText(value: bigint): string {
  if (value === 0n) return "0s";
  const [unit, scale] = value < 1_000n ? ["ns", 1n] : value < 1_000_000n ? ["µs", 1_000n] : ["ms", 1_000_000n];
  if (value < 1_000_000_000n) return `${fraction(value, scale)}${unit}`;
  const minutes = value / 60_000_000_000n;
  const seconds = `${fraction(value % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function fraction(value: bigint, scale: bigint): string {
  let rest = scale === 1n ? "" : String(value % scale).padStart(String(scale).length - 1, "0");
  while (rest.endsWith("0")) rest = rest.slice(0, -1);
  return rest === "" ? String(value / scale) : `${value / scale}.${rest}`;
}

/** Milliseconds of a duration; undefined when the text is none. */
export function goDuration(value: unknown): number | undefined {
  const found = nanoseconds(value);
  return found === undefined ? undefined : Number(found) / 1e6;
}
