import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { boundedTextFile, LIMITS } from "../base/lib/bounded";
import { UserError } from "../base/lib/errors";
import { hostLabel, parseBuildTag } from "../base/model/build-tag";
import { dateOf, plotFile, plotOf, recapParts, titleOf } from "./document";
import type { RecapFacts } from "./facts";
import { type Merged, mergeParts } from "./own-parts";

/** The document with front matter that every blog takes. @param existing the document as it is now */
export function recapDocument(facts: RecapFacts, existing?: string): Merged {
  const date = dateOf(facts);
  const lines = [`title: ${JSON.stringify(titleOf(facts))}`, ...(date === undefined ? [] : [`date: ${date}`])];
  return mergeParts(existing, `---\n${lines.join("\n")}\n---\n`, recapParts(facts));
}

/** What was written. */
export interface Written {
  /** Paths of the files. */
  readonly files: readonly string[];
  /** What a person edited, and so stays as it is. */
  readonly kept: readonly string[];
}

/**
 * Writes the document and its plot into a folder, or renews our parts of a document that is there.
 * @throws {UserError} when the folder cannot be read or written
 */
export async function writeRecap(folder: string, facts: RecapFacts): Promise<Written> {
  try {
    await mkdir(folder, { recursive: true });
    const file = join(folder, `recap-${hostLabel(parseBuildTag(facts.tag))}.md`);
    const { text, kept } = recapDocument(facts, await present(file));
    const plot = plotOf(facts);
    const picture = join(folder, plotFile(facts));
    if (plot !== undefined) await replace(picture, plot);
    await replace(file, text);
    return { files: [file, ...(plot === undefined ? [] : [picture])], kept };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(
      "RecapUnwritable",
      `The recap cannot be written into ${folder} (${error.code}).`,
      "Name a folder that you may write with --output.",
    );
  }
}

async function present(file: string): Promise<string | undefined> {
  try {
    return await boundedTextFile(file, LIMITS.document);
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A run that is killed leaves the old file or the new one: it may hold a person's text. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && !(error instanceof UserError);
