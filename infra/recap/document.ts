import { hostLabel, parseBuildTag } from "../base/model/build-tag";
import { simmerPlot } from "../base/web/simmer/plot";
import { commitsText, excerptsText } from "./evidence";
import type { RecapFacts } from "./facts";
import { list, table } from "./markdown";
import { doneOf, factRows, linkList, troubleText } from "./sections";
import { isFatal, summaryOf } from "./summary";
import { timelineOf } from "./timeline";

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

/** Whether the network failed: in its deployment, or in its simmer by the verdict with which it ended. */
export function kindOf({ failure, smoke, simmer, verdict }: RecapFacts): RecapKind {
  const neverRan = !simmer && (failure !== undefined || smoke?.passed === false);
  const failed = neverRan || verdict === "stalled" || verdict === "split" || verdict === "blind";
  return failed || simmer?.retirement ? "postmortem" : "recap";
}

/** `Postmortem of the smeshnet v1.2.3+1`. */
export const titleOf = (facts: RecapFacts): string =>
  `${kindOf(facts) === "postmortem" ? "Postmortem" : "Recap"} of the smeshnet ${facts.tag}`;

/**
 * The day of the document by its facts, `2026-11-29`. For a failure it is the day on which it began, so that it stays
 * the same while the records grow; otherwise the day of the end. Undefined when no fact has a time.
 */
export function dateOf({ failure, smoke, simmer, retiredAt, archive }: RecapFacts): string | undefined {
  const { trouble, summary } = simmer ?? {};
  const failedAt = failure?.at ?? (smoke?.passed === false ? smoke.finishedAt : undefined);
  const troubledAt = trouble && isFatal(trouble) ? trouble.from : undefined;
  const at = failedAt ?? troubledAt ?? retiredAt ?? summary?.watchedAt ?? archive?.closedAt;
  return at && new Date(at).toISOString().slice(0, "2026-11-29".length);
}

/** File name of the plot beside the document. */
export const plotFile = ({ tag }: Pick<RecapFacts, "tag">): string => `${hostLabel(parseBuildTag(tag))}-simmer.svg`;

/** The plot of the simmer as an SVG document; undefined when the network was never watched. */
export const plotOf = ({ simmer }: RecapFacts): string | undefined =>
  simmer && simmer.summary.points.length > 0 ? simmerPlot(simmer.summary, undefined) : undefined;

/**
 * The parts of the document, in their order. The same facts give the same bytes.
 * @param plot URL of the plot, by default its file beside the document
 */
export function recapParts(facts: RecapFacts, plot = plotFile(facts)): Part[] {
  const isFailure = kindOf(facts) === "postmortem";
  const part = (id: string, heading: string, text: string): Part => ({ id, text: `## ${heading}\n\n${text}` });
  const picture = `![Layers, lag and verdicts of ${facts.tag} against time](${plot})`;
  return [
    part("summary", "What happened", summaryOf(facts)),
    part("facts", "Facts", table(factRows(facts))),
    part("plot", "Plot", plotOf(facts) ? picture : "Nobody watched the network, so there is no plot."),
    part("timeline", "Timeline", list(timelineOf(facts)) || "No record has a time."),
    part("trouble", facts.simmer ? "The first layer that failed" : "What failed", troubleText(facts)),
    part("logs", "Logs", excerptsText(facts)),
    part("commits", "Commits since the last healthy build", commitsText(facts)),
    part("done", "What was done", list(doneOf(facts)) || "No record tells of anything that was done."),
    part("links", "Links", list(linkList(facts))),
    ...(isFailure ? POSTMORTEM : RECAP).map(({ id, heading, hint }): Part => {
      return { id, forPerson: true, text: `## ${heading}\n\n*${hint}*` };
    }),
  ];
}

/** What only a person knows: "any issues that arose, how we responded to them, and the plan for the next smeshnet". */
const RESPONSE = {
  id: "response",
  heading: "How we responded",
  hint: "To be written by a person: who did what, in which order, and what helped.",
};
const PLAN = {
  id: "plan",
  heading: "The plan for the next smeshnet",
  hint: "To be written by a person: what changes in code, settings or procedure, and which build comes next.",
};
const POSTMORTEM = [
  {
    id: "cause",
    heading: "What caused it",
    hint: "To be written by a person: which change or circumstance led to it, and how that is known.",
  },
  RESPONSE,
  PLAN,
];
const RECAP = [
  {
    id: "cause",
    heading: "Issues that arose",
    hint: "To be written by a person: what went wrong or was surprising in the life of the network.",
  },
  RESPONSE,
  PLAN,
];
