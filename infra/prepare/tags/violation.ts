/** A rule of version tags that a tag breaks. */
export interface Violation {
  /** The kind of reason, such as `gap`. Scripts may depend on it. */
  readonly rule: string;
  /** What is wrong: one line, with the full stop. */
  readonly what: string;
  /** What to do: one line, with the full stop. */
  readonly fix: string;
}

/** A commit as people read it. */
export const short = (commit: string): string => commit.slice(0, 12);
