import type { RecapFacts } from "./facts";

/** A failure gets a postmortem, a natural death a recap. */
export type RecapKind = "postmortem" | "recap";

/** A part of the document: one that we write, or one that a person fills in. */
export interface Part {
  /** `timeline`. */
  readonly id: string;
  /** The part is a person's: it is written once, and never touched again. */
  readonly forPerson?: true;
  /** Markdown, which ends without a line break. */
  readonly text: string;
}

export declare function kindOf(facts: RecapFacts): RecapKind;
/** `Postmortem of v1.2.3+1`. */
export declare function titleOf(facts: RecapFacts): string;
/** The day of the document by its facts, `2026-11-29`; undefined when no fact has a time. */
export declare function dateOf(facts: RecapFacts): string | undefined;
/** File name of the plot beside the document. */
export declare function plotFile(facts: RecapFacts): string;
/** The plot of the simmer as an SVG document; undefined when the network was never watched. */
export declare function plotOf(facts: RecapFacts): string | undefined;
/** The parts of the document, in their order. @param plot URL of the plot, by default its file beside the document */
export declare function recapParts(facts: RecapFacts, plot?: string): Part[];
