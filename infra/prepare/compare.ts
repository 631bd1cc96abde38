import type { Entry } from "../base/model/changelog/entries";
import type { Change } from "./changes";
import { numbersIn } from "./commits";

/** The log and the changelog's section Unreleased, side by side. */
export interface Sides {
  /** Changes of the log with the entries that tell them, newest first; a change may have several. */
  readonly both: readonly (readonly [change: Change, entries: readonly Entry[]])[];
  /** What the log has and the changelog lacks. */
  readonly onlyLog: readonly Change[];
  /** What the changelog has and the log lacks. */
  readonly onlyChangelog: readonly Entry[];
}

/** An entry tells a change when this part of the words of the shorter one are in the other one. */
const SHARE = 0.75;

/** Words that say nothing of a change. */
const EMPTY = /^(?:add(?:ed|s)?|and|are|fix(?:e[ds])?|for|from|into|now|not|of|the|this|that|use[ds]?|was|when|with)$/;

/**
 * Compares changes with entries. An entry tells a change when both name the same number, `#206`, or else when they
 * share most of their words.
 */
export function compareSides(changes: readonly Change[], entries: readonly Entry[]): Sides {
  const byNumber = entries.map(({ text }) => new Set(numbersIn(text)));
  const numbered = changes.map(({ numbers }) =>
    entries.filter((_, index) => numbers.some((number) => byNumber[index]?.has(number))),
  );
  const told = new Set(numbered.flat());
  const pairs = changes.map((change, index): [Change, readonly Entry[]] => {
    const found = numbered[index] ?? [];
    if (found.length > 0) return [change, found];
    const words = change.commits.map(({ title }) => wordsOf(title.replace(/^[\w-]+(?:\([^()]*\))?!?: /, "")));
    return [
      change,
      entries.filter((entry) => !told.has(entry) && words.some((one) => isTold(one, wordsOf(entry.text)))),
    ];
  });
  const both = pairs.filter(([, found]) => found.length > 0);
  const all = new Set(both.flatMap(([, found]) => found));
  return {
    both,
    onlyLog: pairs.filter(([, found]) => found.length === 0).map(([change]) => change),
    onlyChangelog: entries.filter((entry) => !all.has(entry)),
  };
}

/**
 * The words of a text that say something, in lower case: no URLs, numbers, or marks of Markdown. Commits say `report`
 * where entries say `reports`, so endings do not count.
 */
function wordsOf(text: string): ReadonlySet<string> {
  const plain = text.replace(/https?:\/\/[^\s)>]+/g, " ").toLowerCase();
  return new Set(
    [...plain.matchAll(/\p{L}[\p{L}\d_]{2,}/gu)]
      .map(([word]) => word)
      .filter((word) => !EMPTY.test(word))
      .map(withoutEnding),
  );
}

const withoutEnding = (word: string): string => word.replace(/ie[ds]$/, "y").replace(/(?<=\p{L}{3})(?:e[ds]|s)$/u, "");

function isTold(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shorter = Math.min(a.size, b.size);
  const common = [...a].filter((word) => b.has(word)).length;
  // One word in common is chance, unless there is no other word.
  return shorter > 0 && common >= SHARE * shorter && (common > 1 || a.size === b.size);
}
