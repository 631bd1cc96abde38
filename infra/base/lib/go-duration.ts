import { UserError } from "./errors";

/** Seconds in each unit of Go's time.ParseDuration; micro is written with either of two characters. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  "\u00b5s": 1e-6,
  "\u03bcs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;

/**
 * Seconds of a Go duration such as `1h30m0s` (Go's time.ParseDuration; protobuf's JSON form `5.250s` is one too).
 * @throws {UserError} for anything else.
 */
export function goDuration(text: string): number {
  if (text === "0") return 0;
  const unsigned = text.replace(/^[-+]/, "");
  const parts = [...unsigned.matchAll(PART)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== unsigned) {
    throw new UserError(`"${text}" is not a duration: Go writes it like 1h30m0s`);
  }
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number), 0);
  return text.startsWith("-") ? -seconds : seconds;
}
