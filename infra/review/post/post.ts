import { type Github, type GithubApp, GithubFailure, openGithub, type Verdict } from "../../base/clients/github";
import type { Run } from "../../base/lib/run";
import { type Kept, keepComment } from "./keep";
import { bodyWith, checkNameOf, LONGEST_BODY } from "./marker";
import type { PostPlace } from "./pull-request";
import { addToSummary } from "./summary";

/** A preview, rendered. */
export interface RenderedPreview {
  /** First line of the comment, made by `markerOf`. */
  readonly marker: string;
  /** Markdown of the comment, without the marker. */
  readonly body: string;
  /** The same in fewer words, for when the body is too long. */
  readonly shorter: string;
  readonly conclusion: Verdict["conclusion"];
  /** The verdict in a line, e.g. `nothing changes`. */
  readonly title: string;
  /** The verdict in Markdown, as the check shows it. */
  readonly summary: string;
}

/** What was posted. */
export interface Posted {
  readonly comment: Kept["comment"];
  /** `check`: a check run; `status`: a commit status. */
  readonly verdict: "check" | "status" | "none";
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
  const { pull, summaryFile } = place;
  const notes: string[] = [];
  const note = (why: string | undefined, what: string): void => {
    if (why === undefined) return;
    notes.push(`${what}: ${why}`);
    run.say(`pull request ${pull.number}: ${what}: ${why}`);
  };
  if (summaryFile) note(addToSummary(summaryFile, preview.body, preview.shorter), "no summary");
  const posted = pull.isFork ? FORK : await postTo(preview, place, run);
  note(posted.verdict.why, "no verdict");
  note(posted.kept.why, "no comment");
  if (posted.kept.why === undefined) run.say(`pull request ${pull.number}: comment ${posted.kept.comment}`);
  if (summaryFile && notes.length > 0) addToSummary(summaryFile, notes.map((line) => `> ${line}`).join("\n"));
  return { comment: posted.kept.comment, verdict: posted.verdict.as, notes };
}

interface Given {
  readonly as: Posted["verdict"];
  /** Our login and app, as the answer tells them. */
  readonly me?: string;
  readonly app?: GithubApp;
  readonly why?: string;
}

interface Both {
  readonly verdict: Given;
  readonly kept: Kept;
}

/** GitHub gives workflows of forks no secrets and a token that may only read. */
const FORK: Both = {
  verdict: { as: "none" },
  kept: { comment: "none", why: "the branch is in a fork, whose workflows may not write here" },
};

async function postTo(preview: RenderedPreview, { pull, access, runUrl }: PostPlace, run: Run): Promise<Both> {
  const { marker, conclusion, title, summary } = preview;
  const { commit } = pull;
  const text = fits(bodyWith(marker, commit, preview.body)) ? preview.body : preview.shorter;
  let verdict: Given = { as: "none" };
  try {
    const github = await openGithub(access, pull, run);
    if (!(await github.pull()).isOpen) {
      return { verdict, kept: { comment: "none", why: "the pull request is closed" } };
    }
    const name = checkNameOf(marker);
    // The verdict comes first. Its answer tells who we are, and its text lets an older run put our comment back.
    const details = bodyWith(marker, commit, text);
    verdict = await giveVerdict(github, { commit, name, conclusion, title, summary, text: details, url: runUrl });
    const { app } = verdict;
    const kept = await keepComment(
      github,
      {
        marker,
        commit,
        text,
        shorter: preview.shorter,
        me: verdict.me ?? (await personOf(github)),
        bodyOf: async (other) => (app ? github.checkText(other, name, app) : undefined),
      },
      run,
    );
    return { verdict, kept };
  } catch (error) {
    if (error instanceof GithubFailure) return { verdict, kept: { comment: "none", why: error.message } };
    throw error;
  }
}

/** Only apps may add check runs, and a commit status needs another permission: whichever the token has. */
async function giveVerdict(github: Github, verdict: Verdict): Promise<Given> {
  try {
    const app = await github.addCheck(verdict);
    return { as: "check", app, me: app?.login };
  } catch (error) {
    if (!isForbidden(error)) return { as: "none", why: whyOf(error) };
  }
  try {
    return { as: "status", me: await github.addStatus(verdict) };
  } catch (error) {
    if (!isForbidden(error)) return { as: "none", why: whyOf(error) };
    return { as: "none", why: "GITHUB_TOKEN needs the permission checks: write" };
  }
}

/** The login of a person's token. Nobody tells an app without permissions; its first comment does. */
async function personOf(github: Github): Promise<string | undefined> {
  try {
    return await github.whoAmI();
  } catch (error) {
    if (error instanceof GithubFailure) return undefined;
    throw error;
  }
}

const isForbidden = (error: unknown): boolean =>
  error instanceof GithubFailure && (error.status === 403 || error.status === 404);

function whyOf(error: unknown): string {
  if (error instanceof GithubFailure) return error.why;
  throw error;
}

/** UTF-8 has at least as many bytes as characters. */
const fits = (body: string): boolean => Buffer.byteLength(body) <= LONGEST_BODY;

/**
 * The labels that the pull request has now. The event keeps those of the moment when the workflow began, also when it
 * runs again.
 * @throws {UserError} when GitHub refuses or fails
 */
export async function labelsOf({ pull, access }: PostPlace, run: Run): Promise<readonly string[]> {
  return (await (await openGithub(access, pull, run)).pull()).labels;
}
