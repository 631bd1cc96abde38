const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `2026-11-24 21:07:00 UTC` for a time in RFC 3339; what cannot be read as a time stays as it is. */
export function utc(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at)
    ? time
    : new Date(at)
        .toISOString()
        .replace("T", " ")
        .replace(/(\.\d+)?Z$/, " UTC");
}

/** A time in RFC 3339, some seconds after another; what cannot be read as a time stays as it is. */
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
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.join(" ") || `${seconds} seconds`;
}

/** `HOST:PORT` of a URL, with its scheme's own port where none is written; what is no URL stays as it is. */
export function hostAndPort(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

/** A word of a POSIX shell's command line, quoted where it has to be. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
