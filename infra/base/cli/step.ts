import { UserError } from "../lib/errors";
import type { Run } from "../lib/run";

/** A step of a stack: what an engine runs when it creates or deletes a resource. Its input comes in variables. */
export type Step = (words: readonly string[], run: Run) => Promise<void>;

/** The words after a step's name, which must be as many as its form has. @throws {UserError} with the form */
export function wordsOf(words: readonly string[], form: string): readonly string[] {
  const expected = form.split(" ").length - 1;
  if (words.length === expected) return words;
  const counts = `${words.length} ${words.length === 1 ? "word" : "words"}, expected ${expected}`;
  throw new UserError("UsageInvalid", `The step has ${counts}.`, `Use \`smeshnet step ${form}\`.`, 2);
}
