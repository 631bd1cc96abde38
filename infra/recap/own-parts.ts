import type { Part } from "./document";

/** A document after a merge. */
export interface Merged {
  readonly text: string;
  /** What a person edited or removed, and so stays as it is: ids of parts, and `front matter`. */
  readonly kept: readonly string[];
}

/**
 * Writes the parts of a document, or renews them in one that exists. Only parts that stand as we wrote them change.
 * @param existing the document as it is now; undefined for the first time
 * @param frontMatter with its delimiters, one line for each key: `---\ntitle: "T"\n---\n`; empty for none
 */
export declare function mergeParts(existing: string | undefined, frontMatter: string, parts: readonly Part[]): Merged;
