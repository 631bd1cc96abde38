import type { Verdict } from "../model/verdict";
import type { Evidence } from "./judge";
import { lateStartInWords } from "./thresholds";

/** Digits of a state root that tell two apart. */
const ROOT_DIGITS = 8;

/** The evidence of a verdict as sentences, the decisive one first. */
export function evidenceInWords(verdict: Verdict, evidence: Evidence): string {
  return [decisive(verdict, evidence), ...asides(evidence)].map((sentence) => `${sentence}.`).join(" ");
}

function decisive(verdict: Verdict, evidence: Evidence): string {
  const { top, verified, quorum, nodes, advancing, standing, early, late, lateStart } = evidence;
  if (late) return "The sample tells of a time that is judged already";
  const layers = verified === undefined ? "no layer is verified" : `layer ${verified} is verified`;
  const clock = top === undefined ? "" : `, the clock is at layer ${top}`;
  if (early)
    return `It is ${early}: the clock is at layer ${top}${lateStart ? `; ${lateStartInWords(lateStart)}` : ""}`;
  switch (verdict) {
    case "healthy":
    case "slow":
      return `${advancing} of ${nodes} nodes move forward: ${layers}${clock}`;
    case "stalled":
      return `${standing.length} of ${nodes} nodes stand: ${layers}${clock}`;
    case "split":
      return `No state root has had a quorum of ${quorum} nodes since layer ${evidence.apart?.layer}`;
    case "blind":
      if (evidence.apart && top !== undefined)
        return `No state root is seen on ${quorum} nodes since layer ${evidence.apart.layer}, and too few answer to tell`;
      return top === undefined
        ? `Fewer than ${quorum} of ${nodes} nodes answer plausibly`
        : `Fewer than ${quorum} of ${nodes} nodes show the same: ${advancing} move forward, ${standing.length} stand`;
  }
}

/** What is out of order beside the verdict. */
function asides({ silent, implausible, standing, advancing, roots, services = {} }: Evidence): string[] {
  const sentences: string[] = [];
  if (silent.length > 0) sentences.push(`Silent: ${silent.join(", ")}`);
  for (const why of ["another genesis", "another clock", "impossible layers"] as const) {
    const names = Object.keys(implausible).filter((name) => implausible[name] === why);
    if (names.length > 0) sentences.push(`Not believed, ${why}: ${names.join(", ")}`);
  }
  if (standing.length > 0 && standing.length < advancing) sentences.push(`Standing: ${standing.join(", ")}`);
  if (roots) {
    const groups = roots.groups.map(({ root, nodes }) => `${root.slice(0, ROOT_DIGITS)} on ${nodes.join(", ")}`);
    sentences.push(`State roots at layer ${roots.layer}: ${groups.join("; ")}`);
  }
  const amiss = Object.entries(services).map(([name, why]) => `${name} (${why})`);
  if (amiss.length > 0) sentences.push(`Services not as they should be: ${amiss.join(", ")}`);
  return sentences;
}
