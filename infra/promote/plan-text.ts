import { isHalfDone, type Known, latestOf } from "../base/model/promotion";
import type { Decision } from "./plan";

/** The plan of a promotion or demotion for people, a line each. @param retireAfter hours, as configured */
export function planInWords(decision: Decision, known: Known, retireAfter: number): string[] {
  const { promotion } = decision;
  const { channel, generation, kind, release, tag, commit, reason } = promotion;
  const from = known.state.promotion;
  const latest = latestOf(known);
  if (decision.action === "none") return [`${channel} already points to ${release} (${tag}), generation ${generation}`];
  const resumed = decision.action === "resume" ? " (begun earlier, not completed)" : "";
  return [
    `${kind} of ${channel}, generation ${generation - 1} -> ${generation}${resumed}`,
    `  network       ${from ? `${from.release} (${from.tag})` : "none"} -> ${release} (${tag})`,
    ...(isHalfDone(known) && latest && latest.generation !== generation
      ? [`  overtakes     generation ${latest.generation}, ${latest.release} (${latest.tag}), not completed`]
      : []),
    `  branch        ${channel} -> ${commit.slice(0, 12)} (${release})`,
    reason === undefined
      ? `  simmer        certified`
      : `  ${kind === "demotion" ? "reason   " : "no simmer"}     ${reason}`,
    `  announcement  ${announced(decision)}`,
    `  retired next  ${nextRetirement(decision, known, retireAfter)}`,
  ];
}

function announced({ promotion: { channel, kind, release, changes } }: Decision): string {
  if (kind === "demotion") return `${channel} goes back to ${release}`;
  if (changes === "") return `${release}, no changelog entry`;
  const lines = changes.split("\n").length;
  return `${release}, ${lines} ${lines === 1 ? "line" : "lines"} of the changelog`;
}

function nextRetirement({ promotion }: Decision, { state }: Known, retireAfter: number): string {
  const leaving = state.promotion;
  if (!leaving || leaving.tag === promotion.tag) return "nothing";
  if (promotion.kind === "demotion") return `nothing: ${leaving.tag} keeps running until somebody retires it`;
  const when = retireAfter === 0 ? "as soon as its DNS records have expired in caches" : `${retireAfter} h later`;
  return `${leaving.tag}, ${when}`;
}
