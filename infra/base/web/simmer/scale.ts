import type { Mark } from "./timeline";

/** Values of an axis, from the lowest to the highest. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The range of values, never empty. Without values 0 to 1. */
export function rangeOf(values: readonly number[]): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0) return { low: 0, high: 1 };
  return { low, high: high > low ? high : low + 1 };
}

/** Round values of a range, 1, 2 or 5 times a power of ten apart and not below 1, at most so many. */
export function ticks({ low, high }: Range, most: number): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return Array.from({ length: Math.min(count, most + 1) }, (_, i) => (first + i) * step);
}

/** Size of the curves' own coordinates, which stretch to any size. */
export const GRID = 1000;

/**
 * A curve as the data of an SVG path, in whole steps of {@link GRID}. A piece of one point is a dot, by its round ends.
 * @param value of a mark; undefined interrupts the curve
 */
export function curve(
  pieces: readonly (readonly Mark[])[],
  value: (mark: Mark) => number | undefined,
  end: number,
  { low, high }: Range,
): string {
  const inGrid = (part: number) => Math.round(GRID * Math.max(0, Math.min(1, part)));
  let path = "";
  for (const piece of pieces) {
    let last: { x: number; y: number } | undefined;
    for (const mark of piece) {
      const at = value(mark);
      if (at === undefined) {
        last = undefined;
        continue;
      }
      const x = inGrid(mark.at / end);
      const y = GRID - inGrid((at - low) / (high - low));
      path += last ? ` ${pair(x - last.x, y - last.y)}` : `M${pair(x, y)}l0 0`;
      last = { x, y };
    }
  }
  return path;
}

/** Two whole numbers of a path. A minus sign separates as a space does. */
const pair = (x: number, y: number): string => `${x}${y < 0 ? "" : " "}${y}`;
