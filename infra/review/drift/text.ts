import { type Drift, type FindingKind, KINDS } from "./model";

/** Singular and plural of what is counted. */
const WORDS: Readonly<Record<FindingKind, readonly [string, string]>> = {
  unfinished: ["unfinished run", "unfinished runs"],
  difference: ["difference", "differences"],
  orphan: ["orphan", "orphans"],
  needless: ["needless stack", "needless stacks"],
  uncertain: ["uncertain announcement", "uncertain announcements"],
};

/** The daily line. */
export function driftLine(drift: Drift): string {
  const { looked, updating } = drift;
  const { edge, channels, networks } = looked;
  const places = [
    ...(edge ? ["edge"] : []),
    ...channels,
    ...(networks.length > 0 ? [counted(networks.length, ["network", "networks"])] : []),
  ];
  const where = places.join(", ") || "no stacks";
  const counts = countsOf(drift);
  const later = updating.length > 0 ? `; ${counted(updating.length, ["stack is", "stacks are"])} being updated` : "";
  return counts === "" ? `drift: none (${where})${later}` : `drift: ${counts} (${where})${later}`;
}

/** `3 differences, 1 orphan`; empty when there is nothing to tell. */
export function countsOf({ findings, unseen }: Drift): string {
  const found = KINDS.flatMap((kind) => {
    const count = findings.filter((finding) => finding.kind === kind).length;
    return count > 0 ? [counted(count, WORDS[kind])] : [];
  });
  return [...found, ...(unseen.length > 0 ? [`${unseen.length} not seen`] : [])].join(", ");
}

/** The daily line, and below it every finding with its command. */
export function renderDrift(drift: Drift): string[] {
  const { findings, unseen, updating, foreign } = drift;
  const told = KINDS.flatMap((kind) => findings.filter((finding) => finding.kind === kind));
  return [
    driftLine(drift),
    ...told.flatMap(({ kind, what, why, left = [], mend }) => [
      `${kind}: ${what}: ${why}`,
      ...left.map((one) => `  left: ${one}`),
      `  mend: ${mend}`,
    ]),
    ...unseen.flatMap(({ what, why, fix }) => [`not seen: ${what}: ${why}`, `  fix: ${fix}`]),
    ...updating.map(({ what, why }) => `being updated: ${what}: ${why}`),
    ...foreign.map(({ what, why }) => `not ours: ${what}: ${why}`),
  ];
}

const counted = (count: number, [one, many]: readonly [string, string]): string =>
  `${count} ${count === 1 ? one : many}`;
