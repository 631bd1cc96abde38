import { decompress } from "fzstd";
import { type ArchiveGap, gapWords } from "../../../infra/archive/gaps";
import type { ArchivedObject } from "../../../infra/archive/manifest";
import type { SimulatedCluster } from "./cluster";
import { type Line, served } from "./container";
import type { MemoryStore } from "./memory-store";

/** What an archive holds and what it says that it lacks. */
export interface Outcome {
  /** Lines of the archive in their order, by `POD/CONTAINER/RUN`. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
  readonly gaps: readonly ArchiveGap[];
}

export function outcomeOf(
  store: MemoryStore,
  folder: string,
  objects: readonly ArchivedObject[],
  gaps: readonly ArchiveGap[],
): Outcome {
  const lines = new Map<string, string[]>();
  for (const { key, parts } of objects) {
    const pod = /^logs\/(.+)\.log\.zst$/.exec(key)?.[1];
    const bytes = pod && Buffer.from(decompress(store.objects.get(folder + key) as Buffer));
    if (!bytes) continue;
    for (const { container, run, offset, bytes: size } of parts ?? []) {
      const name = `${pod}/${container}/${run}`;
      const own = lines.get(name) ?? [];
      own.push(...String(bytes.subarray(offset, offset + size)).split(/(?<=\n)/));
      lines.set(name, own.filter(Boolean));
    }
  }
  return { lines, gaps };
}

/** What is wrong with an archive by the truth: lines that are doubled, foreign, or missing without a word, and gaps that are none. */
export function wrongIn(cluster: SimulatedCluster, { lines, gaps }: Outcome): string[] {
  const wrong: string[] = [];
  const left = new Map(lines);
  const justified = new Set<ArchiveGap>();
  for (const { pod, container, run } of cluster.truth) {
    const name = `${pod.name}/${container.name}/${run.number}`;
    const kept = left.get(name) ?? [];
    left.delete(name);
    let at = 0;
    for (const line of run.written) {
      if (served(line) === kept[at]) {
        at += 1;
        continue;
      }
      const named = gaps.filter((gap) => isAbout(gap, pod.name, container.name, run.number, line));
      for (const gap of named) justified.add(gap);
      if (named.length === 0) wrong.push(`${name}: nothing names the missing line of ${line.at}`);
    }
    for (const more of kept.slice(at)) wrong.push(`${name}: ${more.slice(0, 60)} is doubled, foreign or out of order`);
  }
  for (const [name, foreign] of left) if (foreign.length > 0) wrong.push(`${name}: there was no such run`);
  for (const gap of gaps) if (!justified.has(gap)) wrong.push(`invented: ${gapWords(gap)}`);
  return wrong;
}

function isAbout(
  { pod, container, runs, from, to }: ArchiveGap,
  ofPod: string,
  ofContainer: string,
  run: number,
  { at }: Line,
): boolean {
  if (pod !== undefined && pod !== ofPod) return false;
  if (container !== undefined && container !== ofContainer) return false;
  if (runs && (run < runs.first || run > runs.last)) return false;
  const time = exact(at);
  return (from === undefined || time >= exact(from)) && (to === undefined || time <= exact(to));
}

/** A time with all its digits, which Date would cut. */
const exact = (time: string): string =>
  time.replace(/(?:\.(\d+))?Z$/, (_, digits = "") => `.${digits.padEnd(9, "0")}Z`);
