/** Units of time with their lengths in seconds, the longest first. */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `2026-11-24 21:07:00 UTC` for a time in RFC 3339. Text that is not a time stays as it is. */
export function utc(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at)
    ? time
    : new Date(at)
        .toISOString()
        .replace("T", " ")
        .replace(/(\.\d+)?Z$/, " UTC");
}

/** The time in RFC 3339 that comes some seconds after another. Text that is not a time stays as it is. */
export function later(time: string, seconds: number): string {
  const at = Date.parse(time) + seconds * 1000;
  return Number.isNaN(at) ? time : new Date(at).toISOString().replace(".000Z", "Z");
}

/** `1 hour 30 minutes` for a whole number of seconds. */
export function duration(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(counted(count, unit));
  }
  return parts.join(" ") || `${seconds} seconds`;
}

/** `3 days` between two times: whole units, the largest of which there are two or more, and at least a minute. */
export function lifeSpan(from: string, to: string): string {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
  const [unit, length] = UNITS.find(([unit, length]) => unit !== "second" && seconds >= 2 * length) ?? ["minute", 60];
  return counted(Math.max(1, Math.floor(seconds / length)), unit);
}

/** `HOST:PORT` of a URL, by default with the scheme's own port. Text that is not a URL stays as it is. */
export function hostAndPort(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

/** A word for the command line of a POSIX shell, quoted if necessary. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
