import { parsedObject } from "../lib/json";
import { STEPS } from "../model/steps";
import type { Exported } from "./state";

/** The JSON document that a step printed, as the state keeps it; undefined when the step did not run yet. */
export function printedBy(step: string, { deployment }: Exported): Readonly<Record<string, unknown>> | undefined {
  const found = deployment.resources?.find(({ urn }) => urn.endsWith(`$command:local:Command::${step}`));
  const { stdout } = found?.outputs ?? {};
  return typeof stdout === "string" ? parsedObject(stdout) : undefined;
}

/**
 * The commit that a build's deployment decided on in its first step; undefined before that step, and after a
 * retirement.
 */
export function recordedCommit(exported: Exported | undefined): string | undefined {
  const commit = exported && printedBy(STEPS.devnext, exported)?.commit;
  return typeof commit === "string" ? commit : undefined;
}
