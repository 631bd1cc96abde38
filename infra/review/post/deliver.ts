import { type AddedCheck, type Github, GithubFailure, type Verdict } from "../../base/clients/github";
import type { Run } from "../../base/lib/run";
import { type Kept, keepComment } from "./keep";
import { bodyWith, checkNameOf, LONGEST_BODY } from "./marker";

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

/** The verdict as it was given. */
interface Given {
  /** `check`: a check run; `status`: a commit status. */
  readonly as: "check" | "status" | "none";
  /** Our login, as the answer tells it. */
  readonly me?: string;
  readonly check?: AddedCheck;
  readonly why?: string;
}

interface Place {
  readonly commit: string;
  /** The run of the workflow. */
  readonly runUrl?: string;
}

/** What was posted, and why not all of it. */
export interface Delivered {
  readonly verdict: Given;
  readonly kept: Kept;
}

/** Posts to the pull request. What GitHub refuses or fails is told, never thrown. */
export async function deliver(github: Github, preview: RenderedPreview, at: Place, run: Run): Promise<Delivered> {
  const { marker, conclusion, title, summary, shorter } = preview;
  const { commit, runUrl } = at;
  const text = fits(bodyWith(marker, commit, preview.body)) ? preview.body : shorter;
  let verdict: Given = { as: "none" };
  try {
    if (!(await github.pull()).isOpen) {
      return { verdict, kept: { comment: "none", why: "the pull request is closed" } };
    }
    const name = checkNameOf(marker);
    // The verdict comes first. Its answer tells who we are, and its text lets an older run put our comment back.
    const whole = bodyWith(marker, commit, text);
    const details = fits(whole) ? whole : undefined;
    verdict = await giveVerdict(github, { commit, name, conclusion, title, summary, text: details, url: runUrl });
    const { check } = verdict;
    const bodyOfOther = async (other: string): Promise<string | undefined> => {
      if (!check?.app) return undefined;
      const newest = await github.newestCheck(other, name, check.app.id);
      return newest && (other !== commit || newest.id > check.id) ? newest.text : undefined;
    };
    const me = verdict.me ?? (await personOf(github));
    return { verdict, kept: await keepComment(github, { marker, commit, text, shorter, me, bodyOfOther }, run) };
  } catch (error) {
    if (error instanceof GithubFailure) return { verdict, kept: { comment: "none", why: error.message } };
    throw error;
  }
}

/** Only apps may add check runs, and a commit status needs another permission: whichever the token has. */
async function giveVerdict(github: Github, verdict: Verdict): Promise<Given> {
  try {
    const check = await github.addCheck(verdict);
    return { as: "check", check, me: check.app?.login };
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
