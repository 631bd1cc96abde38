import { printedBy } from "../base/engine/printed";
import { type Exported, pendingOf, rootOutputs } from "../base/engine/state";
import { isComplete } from "../base/model/outputs";
import { STEPS } from "../base/model/steps";

/** How far a build's network got, as its stack says. */
export type BuildStage =
  /** Nothing of it exists. */
  | "not deployed"
  /** Its network exists, but has not passed the smoke test. */
  | "smoke test not passed"
  /** Its deployment is running, or stopped before its end. */
  | "incomplete"
  | "complete"
  /** Its retirement began. */
  | "being retired";

/** The stage of a build. @param exported state of its stack; undefined when there is none */
export function stageOf(exported: Exported | undefined): BuildStage {
  const resources = exported?.deployment.resources ?? [];
  const has = (step: string) => resources.some(({ urn }) => urn.endsWith(`$command:local:Command::${step}`));
  if (!exported || !has(STEPS.devnext)) return "not deployed";
  if (!isComplete(rootOutputs(exported)))
    return has(STEPS.network) && !has(STEPS.smoke) ? "smoke test not passed" : "incomplete";
  const isGuardLeaving = pendingOf(exported).some(({ resource }) => resource.urn.endsWith(`::${STEPS.guard}`));
  return isGuardLeaving || !has(STEPS.guard) ? "being retired" : "complete";
}

/** When the deployment of a network began (RFC 3339), as its history step noted it. */
export function openedAtOf(exported: Exported): string | undefined {
  const openedAt = printedBy(STEPS.history, exported)?.openedAt;
  return typeof openedAt === "string" ? openedAt : undefined;
}
