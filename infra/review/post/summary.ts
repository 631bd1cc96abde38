import { appendFileSync, statSync } from "node:fs";

/** Longest summary of a step, in bytes (GitHub docs, Workflow commands: Job summaries). GitHub drops a longer one. */
const LONGEST = 1024 * 1024;

/**
 * Adds Markdown to the summary of the job. Other commands of the same step may have written there before.
 * @param texts from long to short: the first that has room is written
 * @returns a phrase for people when nothing could be written
 */
export function addToSummary(file: string, ...texts: readonly string[]): string | undefined {
  try {
    const taken = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const text = texts.map((one) => `${one.trim()}\n\n`).find((one) => taken + Buffer.byteLength(one) <= LONGEST);
    if (text === undefined) return "it has no room left";
    appendFileSync(file, text);
    return undefined;
  } catch (error) {
    return `${file} cannot be written (${(error as NodeJS.ErrnoException).code})`;
  }
}
