import { isHalfDone, type Known, latestOf } from "../base/model/promotion";
import type { Decision } from "./plan";

/** The plan of a promotion or demotion in words, a line each. Pure. @param retireAfter hours, as configured */
export function planInWords(decision: Decision, known: Known, retireAfter: number): string[] {
  const { promotion } = decision;
  const { channel, generation, kind, release, tag, commit, reason, changes } = promotion;
  const from = known.state.promotion;
  const latest = latestOf(known);
  if (decision.action === "none") return [`${channel} is at ${release} (${tag}) already, generation ${generation}`];
  return [
    `${kind} of ${channel}, generation ${generation - 1} -> ${generation}${decision.action === "resume" ? " (begun, and not completed)" : ""}`,
    `  network       ${from ? `${from.release} (${from.tag})` : "none"} -> ${release} (${tag})`,
    ...(isHalfDone(known) && latest && latest.generation !== generation
      ? [`  given up      generation ${latest.generation}, ${latest.release} (${latest.tag}), which was not completed`]
      : []),
    `  branch        ${channel} -> ${commit.slice(0, 12)} (${release})`,
    `  ${kind === "demotion" ? "why      " : "no simmer"}     ${reason}`,
    `  announced     ${kind === "demotion" ? `${channel} goes back to ${release}` : `${release}, ${changes ? `${changes.split("\n").length} lines of the changelog` : "without a word in the changelog"}`}`,
    `  retired next  ${nextRetirement(decision, known, retireAfter)}`,
  ];
}

function nextRetirement({ promotion }: Decision, { state }: Known, retireAfter: number): string {
  const leaving = state.promotion;
  if (!leaving || leaving.tag === promotion.tag) return "nothing";
  if (promotion.kind === "demotion") return `nothing: ${leaving.tag} stays until somebody retires it`;
  const when = retireAfter === 0 ? "as soon as its DNS records have expired in caches" : `${retireAfter} h later`;
  return `${leaving.tag}, ${when}`;
}
