import { z } from "zod";

/** How GitHub's API is reached. */
export interface GithubAccess {
  /** Base of the REST API, without a slash at its end: `https://api.github.com`, or that of a GitHub Enterprise Server. */
  readonly url: string;
  /** A secret. */
  readonly token: string;
}

/** The pull request that a workflow runs for. */
export interface PullRequest {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  /** Newest commit of its branch when the workflow began. GITHUB_SHA is another one: a merge that GitHub made. */
  readonly commit: string;
  /** Whether the branch is in another repository, so that the workflow gets no secrets and may write nothing. */
  readonly isFork: boolean;
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const repository = z.object({ full_name: z.string() });

/** The event `pull_request` of GitHub Actions, limited to what counts here. A deleted fork has no repository. */
export const PullRequestEvent = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    head: z.object({ sha, repo: repository.nullable() }),
    base: z.object({ repo: repository }),
  }),
});

/** `owner/name`, as GITHUB_REPOSITORY has it. */
export const repositoryName = z.string().regex(/^[\w.-]+\/[\w.-]+$/);
