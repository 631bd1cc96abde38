import { UserError } from "../../base/lib/errors";
import type { Run } from "../../base/lib/run";
import { sha256Of } from "../../base/lib/sha256";
import { renderCheck, renderComment } from "../preview/comment";
import { AGREEMENT_LABEL } from "../preview/dangers";
import type { PreviewReport } from "../preview/model";
import { bodyWith, markerOf } from "./marker";
import { labelsOf, postPreview } from "./post";
import type { PostPlace } from "./pull-request";

/**
 * Name of what is previewed. Without one the backend tells previews apart: networks of two organisations have stacks of
 * the same names. Its address may hold credentials, so only a digest of it is shown.
 * @throws {UserError} when a given name cannot stand in a comment
 */
export function previewName(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const backend = environment.PULUMI_BACKEND_URL;
  const name = given ?? (backend ? `smeshnet-${sha256Of(backend).slice(0, 8)}` : "smeshnet");
  markerOf(name);
  return name;
}

/** The comment for any forge, with the marker by which a later run finds it. */
export function markdownComment(report: PreviewReport, name: string, agreed: boolean): string {
  const body = renderComment(report, { agreed });
  const { commit } = report;
  return (commit === undefined ? `${markerOf(name)}\n\n${body}` : bodyWith(markerOf(name), commit, body)).trimEnd();
}

/**
 * Posts a preview to the pull request of a workflow. What cannot be posted is said as progress.
 * @returns whether somebody agreed to its dangers, by the flag or by the label that the pull request has now
 */
export async function publish(
  report: PreviewReport,
  { name, agreed, place }: { readonly name: string; readonly agreed: boolean; readonly place: PostPlace },
  run: Run,
): Promise<boolean> {
  const isAgreed = agreed || (await isLabelled(place, run));
  await postPreview(
    {
      marker: markerOf(name),
      body: renderComment(report, { agreed: isAgreed }),
      shorter: renderComment(report, { agreed: isAgreed, short: true }),
      ...renderCheck(report, isAgreed),
    },
    place,
    run,
  );
  return isAgreed;
}

/** Without an answer nobody has agreed: the check then fails rather than passes. */
async function isLabelled(place: PostPlace, run: Run): Promise<boolean> {
  try {
    return (await labelsOf(place, run)).includes(AGREEMENT_LABEL);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.say(`labels of pull request ${place.pull.number} not read: ${error.what}`);
    return false;
  }
}
