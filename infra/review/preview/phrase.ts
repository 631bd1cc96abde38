import { codeOf, plainOf } from "./text";

/** Words of ours with foreign text in between, so that each output shows foreign text in its own safe way. */
export type Phrase = readonly (string | { readonly foreign: string })[];

/** Writes a phrase: what is interpolated as a string is foreign, what is a number or a phrase is ours. */
export const say = (ours: TemplateStringsArray, ...values: readonly (string | number | Phrase)[]): Phrase =>
  ours.flatMap((words, i) => {
    const value = values[i];
    if (value === undefined) return [words];
    if (typeof value === "string") return [words, { foreign: value }];
    return typeof value === "number" ? [words + value] : [words, ...value];
  });

/** Words of ours alone. */
export const ours = (words: string): Phrase => [words];

/** Phrases one after another: `a, b and c`. */
export const listed = (phrases: readonly Phrase[], between = ", ", last = " and "): Phrase =>
  phrases.flatMap((phrase, i) => (i === 0 ? phrase : [i === phrases.length - 1 ? last : between, ...phrase]));

/** More names than these are counted. */
const MOST_NAMES = 60;

/** Phrases one after another; those beyond any sensible number are counted. */
export function listedShort(phrases: readonly Phrase[]): Phrase {
  const rest = phrases.length - MOST_NAMES;
  return listed(rest > 0 ? [...phrases.slice(0, MOST_NAMES), say`${rest} more`] : phrases);
}

export const namesOf = (names: readonly string[]): Phrase => listedShort(names.map((name) => say`${name}`));

/** A phrase as Markdown. @param limit of each foreign text, in UTF-16 units */
export const markdownOf = (phrase: Phrase, limit?: number): string =>
  phrase.map((part) => (typeof part === "string" ? part : codeOf(part.foreign, limit))).join("");

/** A phrase for a terminal. */
export const plainTextOf = (phrase: Phrase): string =>
  phrase.map((part) => (typeof part === "string" ? part : plainOf(part.foreign))).join("");

/** `1 danger`, `2 dangers`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Things with the same key, in the order of the first of each. */
export function grouped<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing]);
  return [...groups.values()];
}
