import { lifeSpan } from "../base/web/format";
import { arrived, type RecapFacts, type Trouble } from "./facts";
import { counted, prose, sentence, time } from "./markdown";

/** What happened, in three sentences: which, how, and how it ended. */
export function summaryOf(facts: RecapFacts): string {
  const { failure, smoke, simmer } = facts;
  const failedChecks = smoke?.passed === false;
  if ((failure || failedChecks) && !simmer) {
    const what = failure ? failedAt(facts) : `${facts.tag} did not pass its smoke test.`;
    const how = failedChecks ? firstCheck(facts) : `The step saw: ${sentence(failure?.cause.saw ?? "")}`;
    return [what, how, comingNext(facts)].join(" ");
  }
  if (simmer?.trouble && isFatal(simmer.trouble)) return troubled(facts, simmer.trouble);
  return natural(facts);
}

/** Whether the network never recovered. */
export const isFatal = (trouble: Trouble): boolean => trouble.to === undefined;

/** A step of a deployment in words. */
export const stepName = (step: string): string => (step === "smoke" ? "the smoke test" : `the step ${prose(step)}`);

const failedAt = ({ tag, failure }: RecapFacts): string =>
  `The deployment of ${tag} failed at ${stepName(failure?.cause.step ?? "")}, ${time(failure?.at ?? "")}.`;

function firstCheck({ smoke }: RecapFacts): string {
  const [first] = smoke?.failed ?? [];
  const counts = `${smoke?.failed.length} of ${counted(smoke?.checks ?? 0, "check")} did not pass`;
  return first ? `${counts}; the first of them, ${prose(first.name)}, saw: ${sentence(first.saw)}` : `${counts}.`;
}

function comingNext({ promotions, failure }: RecapFacts): string {
  const channels = arrived(promotions).length === 0 ? "No channel pointed to it" : "A channel pointed to it";
  return failure ? `${channels}, and the next build is ${prose(failure.next.tag)}.` : `${channels}.`;
}

const BEGINNINGS: Readonly<Record<string, (layer: number) => string>> = {
  stalled: (layer) => `stalled: layer ${layer} and all after it were never verified.`,
  split: (layer) => `split at layer ${layer}: its nodes no longer agreed on one state.`,
  blind: (layer) => `went out of sight at layer ${layer}: too few of its nodes answered.`,
};

function troubled(facts: RecapFacts, trouble: Trouble): string {
  const { tag, simmer } = facts;
  const { verdict, layer, from, nodes } = trouble;
  const what = BEGINNINGS[verdict]?.(layer) ?? "failed.";
  const how = `${nodes.length} of ${counted(simmer?.nodes ?? 0, "node")} showed it, first seen at ${time(from)}`;
  return `${tag} ${what} ${how}, on day ${simmer?.day} of ${simmer?.days} of its simmer. ${ending(facts)}`;
}

function natural(facts: RecapFacts): string {
  const { tag, openedAt, retiredAt, simmer } = facts;
  const life = openedAt && retiredAt ? `${tag} lived for ${lifeSpan(openedAt, retiredAt)}.` : `${tag} did well.`;
  const certificate = simmer?.summary.certifiedAt === undefined ? "without a certificate" : "and got its certificate";
  const simmered = simmer
    ? `It simmered for ${simmer.day} of ${simmer.days} days ${certificate}.`
    : "No watcher followed its simmer.";
  return [life, simmered, ending(facts)].join(" ");
}

function ending({ retiredAt, why, simmer }: RecapFacts): string {
  if (retiredAt)
    return simmer?.retirement
      ? `A watcher retired it, and it was gone at ${time(retiredAt)}.`
      : `It was retired: ${sentence(why ?? "no reason given")}`;
  if (simmer?.retirement) return `A watcher began to retire it at ${time(simmer.retirement.at)}.`;
  return "No record tells that it was retired yet.";
}
