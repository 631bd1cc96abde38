import { shown, UserError } from "./errors";

/** Seconds in each unit of Go's time.ParseDuration. Unicode has two characters for micro, and Go takes both. */
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

/** Each begins where the last one ended, so that a text of digits alone is read once. */
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;

/** Longest duration that is read, in characters. Go itself writes at most 22. */
const LONGEST = 100;

/**
 * The seconds of a Go duration such as `1h30m0s`, by the rules of Go's time.ParseDuration.
 * Protobuf's JSON form, `5.250s`, is a Go duration too.
 * @throws {UserError} when the text is not a duration
 */
export function goDuration(text: string): number {
  if (text === "0") return 0;
  const unsigned = text.replace(/^[-+]/, "");
  const parts = unsigned.length > LONGEST ? [] : [...unsigned.matchAll(new RegExp(PART, "gy"))];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== unsigned) {
    throw new UserError("DurationInvalid", `${shown(text)} is not a Go duration.`, "Write it as in Go, e.g. 1h30m0s.");
  }
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number), 0);
  return text.startsWith("-") ? -seconds : seconds;
}
