import { openGithub } from "../../base/clients/github";
import type { Run } from "../../base/lib/run";
import { type Delivered, deliver, type RenderedPreview } from "./deliver";
import type { PostPlace } from "./pull-request";
import { addToSummary } from "./summary";

/** What was posted. */
export interface Posted {
  readonly comment: Delivered["kept"]["comment"];
  /** `check`: a check run; `status`: a commit status. */
  readonly verdict: Delivered["verdict"]["as"];
  /** What was not posted, and why: one line each, also said as progress and in the summary of the job. */
  readonly notes: readonly string[];
}

/**
 * Posts a preview to its pull request: a verdict on its commit, and one comment that is kept up to date. The summary of
 * the job has the comment in every case. What GitHub refuses is a note, not an error: the exit code of a preview says
 * whether the change is safe, and a closed pull request or a read-only token does not make it unsafe.
 * @throws AbortError when the run is interrupted
 */
export async function postPreview(preview: RenderedPreview, place: PostPlace, run: Run): Promise<Posted> {
  const { pull, access, summaryFile, runUrl } = place;
  const notes: string[] = [];
  const note = (what: string, why: string | undefined): void => {
    if (why !== undefined) notes.push(`${what}: ${why}`);
    run.say(`pull request ${pull.number}: ${what}${why === undefined ? "" : `: ${why}`}`);
  };
  const unwritten = summaryFile && addToSummary(summaryFile, preview.body, preview.shorter);
  if (unwritten) note("summary of the job not written", unwritten);
  const { verdict, kept } = pull.isFork
    ? FORK
    : await deliver(await openGithub(access, pull, run), preview, { commit: pull.commit, runUrl }, run);
  if (verdict.why) note("verdict not posted", verdict.why);
  note(`comment ${kept.comment === "none" ? "not posted" : kept.comment}`, kept.why);
  if (summaryFile && notes.length > 0) addToSummary(summaryFile, notes.map((line) => `> ${line}`).join("\n"));
  return { comment: kept.comment, verdict: verdict.as, notes };
}

/** GitHub gives workflows of forks no secrets and a token that may only read. */
const FORK: Delivered = {
  verdict: { as: "none" },
  kept: { comment: "none", why: "the branch is in a fork, whose workflows may not write here" },
};

/**
 * The labels that the pull request has now. The event keeps those of the moment when the workflow began, also when it
 * runs again.
 * @throws {UserError} when GitHub refuses or fails
 */
export async function labelsOf({ pull, access }: PostPlace, run: Run): Promise<readonly string[]> {
  return (await (await openGithub(access, pull, run)).pull()).labels;
}
