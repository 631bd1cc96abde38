import { lifeSpan } from "../base/web/format";
import type { RecapFacts, Trouble } from "./facts";
import { counted, prose, sentence, time } from "./markdown";

/** What happened, in three sentences or a few more where a step speaks for itself. */
export function summaryOf(facts: RecapFacts): string {
  const { failure, smoke, simmer } = facts;
  if (failure && !simmer)
    return [failedAt(facts), `The step saw: ${sentence(failure.cause.saw)}`, userOf(facts)].join(" ");
  if (smoke?.passed === false && !simmer) return [failedSmoke(facts), firstCheck(facts), ending(facts)].join(" ");
  if (simmer?.trouble && isFatal(simmer.trouble)) return troubled(facts, simmer.trouble);
  return natural(facts);
}

/** Whether the network never recovered. */
export const isFatal = (trouble: Trouble): boolean => trouble.to === undefined;

/** A step of a deployment in words. */
export const stepName = (step: string): string => (step === "smoke" ? "the smoke test" : `the step ${prose(step)}`);

const failedAt = ({ tag, failure }: RecapFacts): string =>
  `The deployment of ${tag} failed at ${stepName(failure?.cause.step ?? "")} (${time(failure?.at ?? "")}).`;

const failedSmoke = ({ tag, smoke }: RecapFacts): string =>
  `${tag} did not pass its smoke test: ${smoke?.failed.length} of ${counted(smoke?.checks ?? 0, "check")} failed.`;

function firstCheck({ smoke }: RecapFacts): string {
  const [first] = smoke?.failed ?? [];
  return first ? `The first of them, ${prose(first.name)}, saw: ${sentence(first.saw)}` : "";
}

const userOf = ({ promotions }: RecapFacts): string =>
  promotions.length === 0 ? "No channel pointed to it." : "A channel pointed to it.";

const BEGINNINGS: Readonly<Record<string, (layer: number) => string>> = {
  stalled: (layer) => `stalled: layer ${layer} and all after it were never verified.`,
  split: (layer) => `split at layer ${layer}: its nodes no longer agreed on one state.`,
  blind: (layer) => `went out of sight at layer ${layer}: too few of its nodes answered.`,
};

function troubled(facts: RecapFacts, trouble: Trouble): string {
  const { tag, simmer } = facts;
  const { verdict, layer, from, nodes } = trouble;
  const what = BEGINNINGS[verdict]?.(layer) ?? "failed.";
  const how = `${nodes.length} of ${counted(simmer?.nodes ?? 0, "node")} showed it, first seen ${time(from)}`;
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
      ? `The watcher retired it; it was gone ${time(retiredAt)}.`
      : `It was retired: ${sentence(why ?? "no reason given")}`;
  if (simmer?.retirement) return `The watcher began to retire it ${time(simmer.retirement.at)}.`;
  return "No record tells that it was retired yet.";
}
