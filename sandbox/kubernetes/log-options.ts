/** Options of a request for a log (kubernetes api/core/v1, PodLogOptions). */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Number of last lines; undefined for all. */
  readonly tailLines?: number;
  /** Earliest time of a line, in milliseconds since 1970. */
  readonly since?: number;
  /** Longest answer, in bytes. */
  readonly limitBytes?: number;
}

/** Reads the options from a request's query. @param now milliseconds since 1970 */
export function parseLogOptions(query: URLSearchParams, now: number): LogOptions {
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const sinceSeconds = number("sinceSeconds");
  const sinceTime = query.get("sinceTime");
  return {
    follow: query.get("follow") === "true",
    previous: query.get("previous") === "true",
    timestamps: query.get("timestamps") === "true",
    tailLines: number("tailLines"),
    since: sinceSeconds === undefined ? (sinceTime ? Date.parse(sinceTime) : undefined) : now - sinceSeconds * 1000,
    limitBytes: number("limitBytes"),
  };
}

/** Selects stored lines, `TIME TEXT` each, by the options and formats them. */
export function selectLines(lines: readonly string[], options: LogOptions): string[] {
  const { since, tailLines } = options;
  const recent = since === undefined ? lines : lines.filter((line) => Date.parse(timeOf(line)) >= since);
  const last = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  return last.map((line) => showLine(line, options));
}

/** Formats a stored line by the options. */
export const showLine = (line: string, { timestamps }: LogOptions): string =>
  timestamps ? line : line.slice(timeOf(line).length + 1);

const timeOf = (line: string): string => line.slice(0, line.indexOf(" "));
