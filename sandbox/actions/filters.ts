/**
 * Whether a push of a tag starts a workflow, by the patterns of `on.push.tags`. The rules are GitHub's "Filter pattern
 * cheat sheet" (docs.github.com, workflow syntax). The last pattern that matches decides; one with `!` excludes.
 */
export function tagStarts(patterns: readonly string[], tag: string): boolean {
  let starts = false;
  for (const pattern of patterns) {
    const excludes = pattern.startsWith("!");
    if (expressionOf(excludes ? pattern.slice(1) : pattern).test(tag)) starts = !excludes;
  }
  return starts;
}

/** One part of a pattern: an escaped character, `**`, a set, or any other character. */
const PART = /\\(.)|\*\*|\[([^\]]+)\]|(.)/gsu;

/**
 * A pattern as a regular expression. `?` and `+` count the character or the set before them. So `v*+*` does not mean a
 * tag with a plus sign.
 * @throws {Error} when `?` or `+` has nothing before it, or a set is not closed
 */
export function expressionOf(pattern: string): RegExp {
  let source = "";
  let counts = false;
  for (const [part, escaped, set] of pattern.matchAll(PART)) {
    if ((part === "?" || part === "+") && !counts) {
      throw new Error(`${part} in the pattern ${pattern} has no character before it. Write \\${part}.`);
    }
    if (part === "[" || part === "\\") throw new Error(`The pattern ${pattern} is not complete at ${part}.`);
    counts = part !== "*" && part !== "**" && part !== "?" && part !== "+";
    source += translated(part, escaped, set);
  }
  return new RegExp(`^${source}$`, "su");
}

function translated(part: string, escaped: string | undefined, set: string | undefined): string {
  if (escaped !== undefined) return literal(escaped);
  if (set !== undefined) return `[${set.replaceAll(/[\\^\]]/g, "\\$&")}]`;
  if (part === "**") return ".*";
  if (part === "*") return "[^/]*";
  return part === "?" || part === "+" ? part : literal(part);
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
