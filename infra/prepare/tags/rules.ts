import type { TagFacts } from "./facts";

/** A rule that a tag breaks. */
export interface Violation {
  /** The kind of reason, such as `gap`. */
  readonly rule: string;
  /** What is wrong: one line, with the full stop. */
  readonly what: string;
  /** What to do: one line, with the full stop. */
  readonly fix: string;
}

/**
 * The rules of version tags that a tag breaks, the cause first; none for a good tag. A tag of another form breaks one
 * rule alone.
 */
export function violationsOf(tag: string, facts: TagFacts): readonly Violation[] {
  throw new Error(`to come: ${tag} ${facts.isNew}`);
}
