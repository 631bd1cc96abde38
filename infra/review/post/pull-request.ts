import { boundedTextFileSync, LIMITS } from "../../base/lib/bounded";
import { UserError } from "../../base/lib/errors";
import { parsedJson } from "../../base/lib/json";
import { withoutEnd } from "../../base/lib/text";
import { type GithubAccess, type PullRequest, PullRequestEvent, repositoryName } from "../../base/model/pull-request";

/** Where a preview is posted. */
export interface PostPlace {
  readonly pull: PullRequest;
  readonly access: GithubAccess;
  /** The file that GitHub shows as the summary of the job (GITHUB_STEP_SUMMARY). */
  readonly summaryFile?: string;
  /** The run of the workflow. */
  readonly runUrl?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What every workflow has for a pull request. GitHub sets all but the token, which the workflow must hand over. */
const NEEDED = ["GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_TOKEN"];

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Reads from the variables of GitHub Actions which pull request the workflow runs for.
 * @throws {UserError} with exit code 2 when this is no workflow for a pull request
 */
export function pullRequestOf(environment: Environment): PostPlace {
  const missing = NEEDED.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new UserError(
      "PullRequestMissing",
      `No pull request is known, because ${missing.join(", ")} is not set.`,
      "Run this in a workflow of GitHub Actions, with GITHUB_TOKEN in `env`, or use `--markdown`.",
      2,
    );
  }
  const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: file = "", GITHUB_TOKEN: token = "" } = environment;
  if (name === "pull_request_target") {
    throw new UserError(
      "PullRequestTargetRefused",
      "The workflow runs on pull_request_target, which gives secrets to code that nobody has reviewed.",
      "Start the workflow on pull_request.",
      2,
    );
  }
  return {
    pull: pullIn(file, environment.GITHUB_REPOSITORY ?? ""),
    access: { url: apiUrl(environment.GITHUB_API_URL || "https://api.github.com"), token },
    summaryFile: environment.GITHUB_STEP_SUMMARY || undefined,
    runUrl: runUrl(environment),
  };
}

function pullIn(file: string, repository: string): PullRequest {
  const { success, data } = PullRequestEvent.safeParse(parsedJson(textOf(file)));
  if (!success || !repositoryName.safeParse(repository).success) {
    throw new UserError(
      "PullRequestMissing",
      `The event in ${file} (GITHUB_EVENT_PATH) is not of a pull request of ${repository} (GITHUB_REPOSITORY).`,
      "Start the workflow on pull_request, or use `--markdown`.",
      2,
    );
  }
  const { number, head, base } = data.pull_request;
  return { repository, number, commit: head.sha, isFork: head.repo?.full_name !== base.repo.full_name };
}

function textOf(file: string): string {
  try {
    return boundedTextFileSync(file, LIMITS.document);
  } catch {
    return "";
  }
}

/** The token is sent there, so only this machine may lack TLS. */
function apiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url && isSafe && url.search === "" && url.username === "") return withoutEnd(text, "/");
  throw new UserError(
    "GithubUrlInvalid",
    "GITHUB_API_URL is not an https URL.",
    "Unset it for github.com, or set it to https://HOST/api/v3 of a GitHub Enterprise Server.",
    2,
  );
}

function runUrl({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id }: Environment) {
  return server && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
}
