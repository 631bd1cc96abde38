import { isObject, parsedObject } from "../lib/json";
import { STEPS } from "../model/steps";
import type { Superseded } from "../model/trailers";
import type { Exported } from "./state";

/** The JSON document that a step printed, as the state keeps it; undefined when the step did not run yet. */
export function printedBy(step: string, { deployment }: Exported): Readonly<Record<string, unknown>> | undefined {
  const found = deployment.resources?.find(({ urn }) => urn.endsWith(`$command:local:Command::${step}`));
  const { stdout } = found?.outputs ?? {};
  return typeof stdout === "string" ? parsedObject(stdout) : undefined;
}

/** The build that a build supersedes, and why, as its first step recorded it; undefined when it did not. */
export function recordedSupersedes(exported: Exported | undefined): Superseded | undefined {
  const { tag, why } = parsedRecord(exported && printedBy(STEPS.devnext, exported)?.supersedes);
  return typeof tag === "string" && typeof why === "string" ? { tag, why } : undefined;
}

const parsedRecord = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/**
 * The commit that a build's deployment decided on in its first step; undefined before that step, and after a
 * retirement.
 */
export function recordedCommit(exported: Exported | undefined): string | undefined {
  const commit = exported && printedBy(STEPS.devnext, exported)?.commit;
  return typeof commit === "string" ? commit : undefined;
}
