import { beginningOf, cut } from "../../lib/cut";
import { lifeSpan, utc } from "../format";
import { KINDS, type Now, type Simmer } from "./input";

/** Units for a time and its axis, the longest first, with their lengths in seconds. */
const UNITS = [
  { name: "day", length: 86_400 },
  { name: "hour", length: 3_600 },
  { name: "minute", length: 60 },
  { name: "second", length: 1 },
] as const;
/** A unit of time with its length, in seconds. */
export interface Unit {
  readonly name: (typeof UNITS)[number]["name"];
  readonly length: number;
}

/** The largest unit of which there are two or more. */
export const unitOf = (seconds: number): Unit => UNITS.find(({ length }) => seconds >= 2 * length) ?? UNITS[3];

/** The unit in which a simmer counts: its days, which are shorter in a rehearsal. */
export const countedIn = (seconds: number, { day }: Pick<Simmer, "day">): Unit =>
  day !== undefined && day > 0 && seconds >= 2 * day ? { name: "day", length: day } : unitOf(seconds);

/** `day 3.4 of 7`: rounded down, so that no simmer looks full before it is. Only healthy and slow time counts. */
export function progress({ observed, needed, day }: Pick<Simmer, "observed" | "needed" | "day">): string {
  const unit = countedIn(needed, { day });
  const counted = Math.max(0, Math.min(observed.healthy + observed.slow, needed));
  const all = figure(Math.max(0, needed) / unit.length);
  return `${unit.name} ${counted < needed ? tenths(counted / unit.length) : all} of ${all}`;
}

/**
 * A watcher is late after this many times of what is usual, but not within two minutes: KV needs a minute to spread a
 * write, and readers keep an answer for another (edge/answer.ts).
 */
const LATE = 3;
const LATE_AT_LEAST = 120;

/** Whether the watcher of a running network seems to be dead. */
export const isLate = ({ watchedAt, every }: Pick<Simmer, "watchedAt" | "every">, now: Now): boolean =>
  now !== undefined && (now - Date.parse(watchedAt)) / 1000 > Math.max(LATE * every, LATE_AT_LEAST);

/** `3 hours ago`. */
export const ago = (time: string, now: number): string => `${lifeSpan(time, new Date(now).toISOString())} ago`;

/** `healthy`; `was healthy` when nobody knows of today. */
export const verdictNow = (simmer: Simmer, now: Now): string => `${isLate(simmer, now) ? "was " : ""}${simmer.verdict}`;

/** `day 7 of 7, certified`. */
export const standing = (simmer: Simmer): string =>
  `${progress(simmer)}${simmer.certifiedAt === undefined ? "" : ", certified"}`;

/** `healthy, day 3.4 of 7`. */
export const headline = (simmer: Simmer, now: Now): string => `${verdictNow(simmer, now)}, ${standing(simmer)}`;

/** `Last watched 2026-11-28 07:10 UTC`, or `Last watched 3 hours ago` when the watcher is late. */
export const lastWatched = (simmer: Simmer, now: Now): string =>
  `Last watched ${now !== undefined && isLate(simmer, now) ? ago(simmer.watchedAt, now) : minute(simmer.watchedAt)}`;

/** The facts of a plot in words, for readers who do not see it. */
export function description(simmer: Simmer, now: Now): string {
  const { verdict, since, evidence, observed, effectiveGenesis, certifiedAt } = simmer;
  const seen = KINDS.flatMap((kind) =>
    kind !== "unwatched" && observed[kind] > 0 ? `${kind} ${span(observed[kind])}` : [],
  );
  const last = simmer.points.findLast(({ verified }) => verified !== undefined);
  return [
    `${verdict} since ${minute(since)}: ${clean(evidence)}`,
    seen.length > 0 ? `Observed: ${seen.join(", ")}.` : "",
    last ? `Last seen at layer ${figure(last.top)}, verified up to ${figure(last.verified ?? 0)}.` : "",
    `Time counts from the effective genesis, layer ${figure(effectiveGenesis)}.`,
    certifiedAt === undefined ? "" : `Certified ${minute(certifiedAt)}.`,
    `${lastWatched(simmer, now)}.${isLate(simmer, now) ? " The watcher may be down." : ""}`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** `3 days` for seconds: whole units, the largest of which there are two or more. */
export const span = (seconds: number): string => {
  const { name, length } = unitOf(seconds);
  const count = Math.max(0, Math.floor(seconds / length));
  return `${figure(count)} ${name}${count === 1 ? "" : "s"}`;
};

const SHORT = { day: "d", hour: "h", minute: "min", second: "s" };

/** `3.4 d` for seconds, where there is little room. */
export const shortSpan = (seconds: number): string => {
  const { name, length } = unitOf(seconds);
  const count = seconds / length;
  return `${count < 10 ? figure(Math.floor(count * 10) / 10) : figure(Math.floor(count))} ${SHORT[name]}`;
};

/** `2026-11-28 07:10 UTC`. */
export const minute = (time: string): string => utc(time).replace(/:\d\d UTC$/, " UTC");

/** `3.0`, rounded down. */
const tenths = (value: number): string => (Math.floor(10 * value) / 10).toFixed(1);

/** `1,563`, or `1.2B` where nobody reads the digits. */
export const figure = (value: number): string =>
  Math.abs(value) < 1e7
    ? value.toLocaleString("en", { maximumFractionDigits: 1 })
    : value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Characters that XML does not allow, not even escaped: one of them would break the picture (XML 1.0, section 2.2). */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
/** Longest text of others in a plot, in characters. */
const LONGEST = 300;

/** Text of others as one line for XML. */
export const clean = (text: string): string => {
  const line = text.replace(NOT_XML, "").replace(/\s+/g, " ").trim();
  return cut(line, LONGEST, "…");
};

/** Text in lines of a length, at most so many; an ellipsis tells that there is more. */
export function wrapped(text: string, length: number, most: number): string[] {
  const lines: string[] = [];
  let rest = clean(text);
  while (rest !== "" && lines.length < most) {
    const isLast = lines.length === most - 1;
    const space = rest.lastIndexOf(" ", length);
    const end = rest.length <= length ? rest.length : space > 0 ? space : beginningOf(rest, length).length || length;
    const line = isLast && end < rest.length ? `${beginningOf(rest.slice(0, end), length - 1)}…` : rest.slice(0, end);
    lines.push(line.replace(NOT_XML, ""));
    rest = rest.slice(end).trim();
  }
  return lines;
}
