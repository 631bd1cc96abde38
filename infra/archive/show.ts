import { shown, UserError } from "../base/lib/errors";
import { logKey } from "./collect";
import { gapWords } from "./gaps";
import { type ArchivedObject, type ArchiveManifest, DamagedManifest, type LogPart } from "./manifest";

/** An archive in one line, for people. */
export function archiveLine(key: string, manifest: ArchiveManifest | DamagedManifest): string {
  if (manifest instanceof DamagedManifest) return `${key}: damaged (${manifest.reason}); it does not count`;
  const { closedAt, objects, gap, gaps = [] } = manifest;
  const stored = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${key}: closed ${closedAt}, ${objects.length} objects, ${size(stored)}${gap ? `; gap: ${gap}` : ""}${
    gaps.length > 0 ? `; ${gaps.length} missing` : ""
  }`;
}

/** The contents of an archive, for people. */
export function archiveWords(key: string, manifest: ArchiveManifest): string {
  const { tag, closedAt, gap, gaps = [], objects } = manifest;
  const sum = (sizes: readonly number[]) => size(sizes.reduce((all, bytes) => all + bytes, 0));
  const unpacked = sum(objects.map(({ bytes, content }) => content?.bytes ?? bytes));
  const lines = [
    `${tag}, archive ${key}`,
    `closed    ${closedAt}`,
    `gap       ${gap ?? (gaps.length > 0 ? "named below" : "none")}`,
    ...gaps.map((one) => `missing   ${gapWords(one)}`),
    `objects   ${objects.length}, ${sum(objects.map(({ bytes }) => bytes))} in the store, ${unpacked} unpacked`,
    ...objects.flatMap((object) => [objectLine(object), ...(object.parts ?? []).map(partLine)]),
  ];
  return `${lines.join("\n")}\n`;
}

const objectLine = ({ key, bytes, content, sha256 }: ArchivedObject): string =>
  `  ${key}   ${size(bytes)}${content ? `, ${size(content.bytes)} unpacked` : ""}   ${sha256.slice(0, 12)}`;

const partLine = ({ container, previous, run, bytes, sha256 }: LogPart): string =>
  `    ${container}${previous ? ", earlier run" : ""}${run === undefined || run === 0 ? "" : `, run ${run + 1}`}   ${size(bytes)}   ${sha256.slice(0, 12)}`;

/** Bytes for people: up to 999 B, then with three digits. */
function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${unit === 0 ? bytes : Number((bytes / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}

/** A part of an object's uncompressed content, in bytes from its start. */
export interface Range {
  readonly whole: ArchivedObject;
  readonly from: number;
  readonly to: number;
}

/**
 * The range that a name stands for: a key of the archive, a pod, or POD/CONTAINER with all runs of the container.
 * @throws {UserError} when the archive holds nothing of that name
 */
export function rangeOf(key: string, { tag, objects }: ArchiveManifest, name: string): Range {
  const exact = objects.find((object) => object.key === name || object.key === logKey(name));
  if (exact) return { whole: exact, from: 0, to: Number.POSITIVE_INFINITY };
  const [, pod = "", container] = /^(.+)\/([^/]+)$/.exec(name) ?? [];
  const whole = objects.find((object) => object.key === logKey(pod));
  const parts = whole?.parts?.filter((part) => part.container === container) ?? [];
  const [first, last] = [parts[0], parts.at(-1)];
  if (whole && first && last) return { whole, from: first.offset, to: last.offset + last.bytes };
  throw new UserError(
    "ArchivedObjectMissing",
    `${shown(name)} is not in the archive ${key}.`,
    `Run \`smeshnet archive show ${tag}\` for its contents.`,
    2,
  );
}
