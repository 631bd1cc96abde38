import { type ArchivedObject, type ArchiveManifest, folderOfManifest } from "../archive/manifest";
import { readBack } from "../archive/read-back";
import { cut } from "../base/lib/cut";
import type { Store } from "../base/store/contract";
import { type LogLine, lineSink, readLine } from "./log-lines";
import { mask } from "./mask";

/** Lines of one pod's log. */
export interface LogExcerpt {
  /** `miner-1-abc`. */
  readonly pod: string;
  /** In the order of their times; texts are masked and cut. */
  readonly lines: readonly LogLine[];
  /** How many lines of the time are left out. */
  readonly left: number;
  /** What is wrong with the archived log, as a phrase; absent when the log is intact. */
  readonly damage?: string;
}

/** The times that excerpts tell of, in milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** Lines near to this time come first. */
  readonly at: number;
}

/** Pods that an excerpt shows, and whose logs are read for it: a network may have hundreds, of gigabytes each. */
const MOST_PODS = 3;
const MOST_READ = 6;
/** Lines of a pod, and characters of a line. */
export const MOST_LINES = 20;
export const LONGEST_LINE = 300;

/**
 * Log lines of some nodes around a time, out of an archive. Errors and warnings come before other lines.
 * @param nodes names of nodes, the most telling first; without any that has a log, there is no excerpt
 * @throws {UserError} when the store cannot be read
 */
export async function excerptsOf(
  store: Store,
  { key, manifest }: { readonly key: string; readonly manifest: ArchiveManifest },
  nodes: readonly string[],
  window: Window,
): Promise<LogExcerpt[]> {
  const logs = manifest.objects.filter(({ key }) => podOf(key) !== undefined);
  const chosen = [
    ...new Set(nodes.flatMap((node) => logs.find((log) => podOf(log.key)?.startsWith(`${node}-`)) ?? [])),
  ];
  const excerpts: LogExcerpt[] = [];
  for (const object of chosen.slice(0, MOST_READ)) {
    if (excerpts.length === MOST_PODS) break;
    const excerpt = await excerptOf(store, folderOfManifest(key), object, window);
    if (excerpt.lines.length > 0 || excerpt.damage !== undefined) excerpts.push(excerpt);
  }
  return excerpts;
}

/** The pod of a log's key; undefined for other objects. */
export const podOf = (key: string): string | undefined => /^logs\/(.+)\.log\.zst$/.exec(key)?.[1];

async function excerptOf(store: Store, folder: string, object: ArchivedObject, window: Window): Promise<LogExcerpt> {
  const choice = new Choice(window);
  const ends = (object.parts ?? []).map(({ offset, bytes }) => offset + bytes);
  const sink = lineSink(ends, (line) => {
    const read = readLine(line);
    if (read) choice.offer(read);
  });
  const damage = await readBack(store, folder, object, sink);
  const lines = choice.lines.map(({ at, text }) => ({ at, text: fitting(mask(readable(text))) }));
  return { pod: podOf(object.key) ?? "", lines, left: choice.left, ...(damage !== undefined && { damage }) };
}

/** Chooses the most telling lines of a window, and holds no more than those. */
class Choice {
  left = 0;
  private chosen: (LogLine & { readonly rank: number; readonly number: number })[] = [];
  private number = 0;

  constructor(private readonly window: Window) {}

  offer(line: LogLine): void {
    const time = Date.parse(line.at);
    const { from, to, at } = this.window;
    if (time < from || time > to) return;
    const rank = Math.abs(time - at) + (isTrouble(line.text) ? 0 : to - from);
    const number = this.number++;
    const place = this.chosen.findIndex((other) => other.rank > rank);
    this.chosen.splice(place === -1 ? this.chosen.length : place, 0, { ...line, rank, number });
    if (this.chosen.length <= MOST_LINES) return;
    this.chosen.pop();
    this.left++;
  }

  /** In the order in which the pod wrote them. */
  get lines(): LogLine[] {
    return [...this.chosen].sort((a, b) => a.number - b.number).map(({ at, text }) => ({ at, text }));
  }
}

const isTrouble = (text: string): boolean => /\b(warn|warning|error|fatal|panic)\b/i.test(text.slice(0, LONGEST_LINE));

/** A line without what steers a terminal. Other characters that nobody sees are replaced. */
const readable = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal begin with one
    .replace(/\u001b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/\t/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "\ufffd")
    .trimEnd();

/** Cut after masking, so that no half of a secret is left unmasked. */
const fitting = (text: string): string => cut(text, LONGEST_LINE, "…");
