import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { getFirstConsumedChar, isPotentiallyEmpty, type ReadonlyFlags, toCharSet } from "regexp-ast-analysis";
import { analyse } from "scslre";
import type { Pattern } from "./sources";

/**
 * Why a pattern takes more than linear time for some text; undefined for one that does not. The library `scslre` knows
 * repetitions that share characters. It does not know two kinds, which are looked for here: a repetition over
 * alternatives that begin alike, `(a|a)*`, and one that passes over its own beginning, `<!--.*?-->`.
 */
export function faultOf({ source, flags }: Pattern): string | undefined {
  const [first] = analyse({ source, flags }).reports;
  if (first) return `${first.exponential ? "exponential" : "superlinear"}, ${first.type}: ${charactersOf(first)}`;
  const parser = new RegExpParser();
  const parsedFlags = parser.parseFlags(flags);
  const pattern = parser.parsePattern(source, 0, source.length, parsedFlags);
  const endless = descendants(pattern).filter(
    (node): node is AST.Quantifier => node.type === "Quantifier" && node.max === Number.POSITIVE_INFINITY,
  );
  for (const one of endless) {
    if (isAcceptedAfter(one, parsedFlags)) continue;
    if (beginsAlike(one, parsedFlags)) return `alternatives of ${one.raw} begin alike`;
    if (passesItsBeginning(one, parsedFlags)) return `${one.raw} passes over the beginning of the pattern`;
  }
  return undefined;
}

const charactersOf = ({ character }: { character: { literal: { source: string } } }): string =>
  character.literal.source;

type Parent = AST.Pattern | AST.Alternative | AST.Group | AST.CapturingGroup | AST.Quantifier | AST.LookaroundAssertion;

function descendants(node: AST.Node): AST.Node[] {
  const below: readonly AST.Node[] =
    "alternatives" in node && node.type !== "ClassStringDisjunction"
      ? node.alternatives
      : node.type === "Alternative"
        ? node.elements
        : node.type === "Quantifier"
          ? [node.element]
          : [];
  return [node, ...below.flatMap(descendants)];
}

/** The elements before or after a node, from the node outwards. */
function besides(node: AST.Element, side: "before" | "after"): AST.Element[] {
  const found: AST.Element[] = [];
  let inner: AST.Node = node;
  for (let parent = node.parent as Parent | null; parent; parent = parent.parent as Parent | null) {
    if (parent.type === "Alternative") {
      const at = parent.elements.indexOf(inner as AST.Element);
      found.push(...(side === "after" ? parent.elements.slice(at + 1) : parent.elements.slice(0, at).reverse()));
    }
    if (parent.type === "Assertion") return found; // what looks ahead or back ends there
    inner = parent;
  }
  return found;
}

/** Whether the pattern matches after any number of repetitions, so that nothing is tried again. */
const isAcceptedAfter = (node: AST.Quantifier, flags: ReadonlyFlags): boolean =>
  besides(node, "after").every(
    (one) => isPotentiallyEmpty(one, flags) || (isAnything(node, flags) && mayBeEnd(one, flags)),
  );

const isAnything = ({ element }: AST.Quantifier, flags: ReadonlyFlags): boolean =>
  isCharacters(element) && toCharSet(element, flags).isAll;

/** `(?:-->|$)`: at the end of the text, if nowhere before, it matches. */
const mayBeEnd = (node: AST.Element, { multiline }: ReadonlyFlags): boolean =>
  !multiline &&
  (isEnd(node) ||
    ((node.type === "Group" || node.type === "CapturingGroup") &&
      node.alternatives.some(({ elements }) => elements.every(isEnd))));

const isEnd = (node: AST.Element): boolean => node.type === "Assertion" && node.kind === "end";

const isCharacters = (
  node: AST.Element,
): node is AST.Character | AST.ClassRangesCharacterClass | AST.EscapeCharacterSet =>
  node.type === "Character" ||
  (node.type === "CharacterClass" && !node.unicodeSets) ||
  (node.type === "CharacterSet" && node.kind !== "property");

function beginsAlike({ element }: AST.Quantifier, flags: ReadonlyFlags): boolean {
  if (element.type !== "Group" && element.type !== "CapturingGroup") return false;
  const firsts = element.alternatives.map((one) => getFirstConsumedChar(one, "ltr", flags).char);
  return firsts.some((first, i) => firsts.slice(i + 1).some((other) => !first.isDisjointWith(other)));
}

/**
 * Whether what stands before the repetition is found again within it. Then each such place is a start, and from each
 * start the whole rest is read.
 */
function passesItsBeginning(node: AST.Quantifier, flags: ReadonlyFlags): boolean {
  const { element } = node;
  if (!isCharacters(element)) return false;
  const taken = toCharSet(element, flags);
  const before = besides(node, "before");
  if (flags.sticky || before.length === 0 || before.some(isAnchor)) return false;
  return before.every((one) => isPotentiallyEmpty(one, flags) || canBeWithin(one, taken, flags));
}

/** A place that is found once in a text, or once in a line; and what looks back decides by itself. */
const isAnchor = (node: AST.Element): boolean =>
  node.type === "Assertion" && (node.kind === "start" || node.kind === "lookbehind");

function canBeWithin(node: AST.Element, taken: ReturnType<typeof toCharSet>, flags: ReadonlyFlags): boolean {
  if (isCharacters(node)) return !toCharSet(node, flags).isDisjointWith(taken);
  if (node.type === "Quantifier") return node.min === 0 || canBeWithin(node.element, taken, flags);
  if (node.type === "Group" || node.type === "CapturingGroup")
    return node.alternatives.some(
      ({ elements }) => !elements.some(isAnchor) && elements.every((one) => canBeWithin(one, taken, flags)),
    );
  return true;
}
