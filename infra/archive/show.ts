import { shown, UserError } from "../base/lib/errors";
import { type ArchivedObject, type ArchiveManifest, DamagedManifest, type LogPart } from "./manifest";

/** An archive in one line. Pure. */
export function archiveLine(key: string, manifest: ArchiveManifest | DamagedManifest): string {
  if (manifest instanceof DamagedManifest) return manifest.message;
  const { closedAt, objects, gap } = manifest;
  const stored = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${key}: closed ${closedAt}, ${objects.length} objects, ${size(stored)}${gap ? `; gap: ${gap}` : ""}`;
}

/** What an archive holds, for people. Pure. */
export function archiveWords(key: string, manifest: ArchiveManifest): string {
  const { tag, closedAt, gap, objects } = manifest;
  const sum = (sizes: readonly number[]) => size(sizes.reduce((all, bytes) => all + bytes, 0));
  const unpacked = sum(objects.map(({ bytes, content }) => content?.bytes ?? bytes));
  const lines = [
    `${tag}, archive ${key}`,
    `closed    ${closedAt}`,
    `gap       ${gap ?? "none"}`,
    `objects   ${objects.length}, ${sum(objects.map(({ bytes }) => bytes))} in the store, ${unpacked} unpacked`,
    ...objects.flatMap((object) => [objectLine(object), ...(object.parts ?? []).map(partLine)]),
  ];
  return `${lines.join("\n")}\n`;
}

const objectLine = ({ key, bytes, content, sha256 }: ArchivedObject): string =>
  `  ${key}   ${size(bytes)}${content ? `, ${size(content.bytes)} unpacked` : ""}   ${sha256.slice(0, 12)}`;

const partLine = ({ container, previous, bytes, sha256 }: LogPart): string =>
  `    ${container}${previous ? ", earlier run" : ""}   ${size(bytes)}   ${sha256.slice(0, 12)}`;

/** Bytes for people: up to 999 B, then with three digits. Pure. */
function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${unit === 0 ? bytes : Number((bytes / 1000 ** unit).toPrecision(3))} ${units[unit]}`;
}

/** Part of an object's uncompressed content, in bytes from its begin. */
export interface Range {
  readonly whole: ArchivedObject;
  readonly from: number;
  readonly to: number;
}

/**
 * What a name stands for: a key of the archive, a pod, or POD/CONTAINER, all runs of which lie one after another. Pure.
 * @throws {UserError} when there is nothing of that name
 */
export function rangeOf(key: string, { objects }: ArchiveManifest, name: string): Range {
  const exact = objects.find((object) => object.key === name || object.key === `logs/${name}.log.zst`);
  if (exact) return { whole: exact, from: 0, to: Number.POSITIVE_INFINITY };
  const [, pod, container] = /^(.+)\/([^/]+)$/.exec(name) ?? [];
  const whole = objects.find((object) => object.key === `logs/${pod}.log.zst`);
  const parts = whole?.parts?.filter((part) => part.container === container) ?? [];
  const [first, last] = [parts[0], parts.at(-1)];
  if (whole && first && last) return { whole, from: first.offset, to: last.offset + last.bytes };
  throw new UserError(`${shown(name)} is not in ${key}: archive show TAG says what is`, 2);
}
