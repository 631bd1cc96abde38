import { z } from "zod";
import { cut } from "../base/lib/cut";
import { plainLine } from "../base/lib/text";
import { nonEmptyText, object, timeText, wholeFrom } from "../base/model/formats";

// Gaps are part of archive manifests, a stored format: names of keys and kinds are contracts.

/**
 * - `cluster`: the cluster is gone, or does not answer
 * - `unread`: the cluster does not give the log, also after minutes of trying
 * - `broken`: the log broke off, also after minutes of trying
 * - `rotated`: the kubelet rotated a part of the log away before anybody read it
 * - `lost`: the kubelet has the log no more
 * - `runs`: earlier runs of the container, whose logs the kubelet has no more
 * - `evicted`: the pod was evicted, and its containers with it
 * - `node`: the node of the pod is gone, and its disk with it
 * - `unseen`: the pod or the run is gone, and nobody read its last lines before
 * - `damaged`: what was shipped while the container ran does not read back
 * - `series`: the monitoring does not give its metrics, or not all
 */
export type GapKind =
  | "cluster"
  | "unread"
  | "broken"
  | "rotated"
  | "lost"
  | "runs"
  | "evicted"
  | "node"
  | "unseen"
  | "damaged"
  | "series";

/** Something that an archive lacks. */
export const ArchiveGap = object({
  /** A {@link GapKind}, or one of a newer release. */
  kind: nonEmptyText,
  pod: nonEmptyText.optional(),
  container: nonEmptyText.optional(),
  /** Numbers of the container's runs, 0 for the first: the restarts before it. */
  runs: object({ first: wholeFrom(0), last: wholeFrom(0) }).optional(),
  /** Nothing is missing before this time, RFC 3339. */
  from: timeText.optional(),
  /** Nothing is missing after this time, RFC 3339. */
  to: timeText.optional(),
  /** What was seen instead, in the words of the cluster. */
  saw: z.string("text").optional(),
});
export type ArchiveGap = Readonly<z.infer<typeof ArchiveGap>>;

/** A gap as this release makes it. */
export type MadeGap = ArchiveGap & { readonly kind: GapKind };

/** What may be had once the cluster is repaired, so that an operator decides whether to go on without it. */
const REPAIRABLE: readonly string[] = ["cluster", "unread", "broken"] satisfies GapKind[];

/** Whether an archive with this gap needs an operator's reason. Nobody can have what is gone for good. */
export const needsReason = ({ kind }: ArchiveGap): boolean => REPAIRABLE.includes(kind);

/** Longest quotation of the cluster's words, in characters. */
const LONGEST_SAW = 200;

/** What others said, on one line, without what steers a terminal. */
export const quoted = (text: string): string => cut(plainLine(text), LONGEST_SAW);

/** A gap in words, without a full stop: `miner-1-abc/miner, run 2: a part of its log rotated away, from ... to ...`. */
export function gapWords(gap: ArchiveGap): string {
  const { kind, pod, saw } = gap;
  if (kind === "unread" && pod === undefined && saw !== undefined) return saw; // not a log
  const seen = saw === undefined ? "" : ` (${saw})`;
  return `${placeOf(gap)}${WORDS[kind] ?? kind}${span(gap)}${seen}`;
}

const WORDS: Readonly<Record<string, string>> = {
  cluster: "the cluster does not give its logs",
  unread: "the log could not be read",
  broken: "the log broke off",
  rotated: "lines rotated away before they were read",
  lost: "the node has the log no more",
  runs: "the node has the logs no more",
  evicted: "the pod was evicted with its logs",
  node: "the node is gone with the log",
  unseen: "removed before the last lines were read",
  damaged: "lines that were shipped earlier do not read back",
  series: "metrics of the monitoring",
} satisfies Record<GapKind, string>;

function placeOf({ pod, container, runs }: ArchiveGap): string {
  if (pod === undefined) return "";
  const where = container === undefined ? pod : `${pod}/${container}`;
  if (!runs) return `${where}: `;
  const { first, last } = runs;
  return first === last ? `${where}, run ${first + 1}: ` : `${where}, runs ${first + 1} to ${last + 1}: `;
}

function span({ from, to }: ArchiveGap): string {
  if (from !== undefined && to !== undefined) return `, between ${from} and ${to}`;
  if (from !== undefined) return `, after ${from}`;
  return to === undefined ? "" : `, before ${to}`;
}

/** Gaps that a public record names. */
const MOST_NAMED = 12;

/** Gaps in words for a public record, which stays short. */
export function gapsInWords(gaps: readonly ArchiveGap[]): string[] {
  const words = gaps.slice(0, MOST_NAMED).map(gapWords);
  const left = gaps.length - words.length;
  return left > 0 ? [...words, `and ${left} more, which the archive names`] : words;
}
