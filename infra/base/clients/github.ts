import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { LIMITS } from "../lib/bounded";
import { boundedFetch } from "../lib/bounded-fetch";
import { beginningOf } from "../lib/cut";
import { UserError } from "../lib/errors";
import { limited } from "../lib/limited";
import type { Run } from "../lib/run";
import type { GithubAccess, PullRequest } from "../model/pull-request";
import { failedBy, TIMEOUT, waitAfter } from "./github-call";

const Pull = z.object({
  state: z.enum(["open", "closed"]),
  labels: z.array(z.object({ name: z.string() })),
  head: z.object({ sha: z.string() }),
});

const Comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullable(),
  updated_at: z.string(),
});

const App = z.object({ id: z.number(), slug: z.string() });
const Check = z.object({ id: z.number(), app: App.nullable(), output: z.object({ text: z.string().nullable() }) });
const Checks = z.object({ check_runs: z.array(Check) });
const User = z.object({ login: z.string() });

/** The pull request as it is now. */
export interface PullState {
  readonly isOpen: boolean;
  /** Its newest commit. */
  readonly head: string;
  readonly labels: readonly string[];
}

/** A comment in the conversation of a pull request. */
export interface GithubComment {
  readonly id: number;
  /** Login; `name[bot]` for an app. Undefined when the account is gone. */
  readonly author: string | undefined;
  readonly body: string;
  /** ISO 8601, to the second. */
  readonly updatedAt: string;
}

/** The verdict on a commit. */
export interface Verdict {
  readonly commit: string;
  /** Name of the check. */
  readonly name: string;
  readonly conclusion: "success" | "failure" | "neutral";
  readonly title: string;
  /** Markdown, at most 65,535 characters, as the text. */
  readonly summary: string;
  readonly text?: string;
  /** Where the details are. */
  readonly url?: string;
}

/** A check run that was added. */
export interface AddedCheck {
  /** Counts up. */
  readonly id: number;
  /** The app that we are, with the login of its comments. */
  readonly app: { readonly id: number; readonly login: string } | undefined;
}

/** GitHub refused or failed. */
export class GithubFailure extends UserError {
  /**
   * @param act what was asked for, as in `GitHub did not ...`
   * @param status of the answer; undefined without an answer
   */
  constructor(
    act: string,
    readonly status: number | undefined,
    readonly why: string,
  ) {
    super("GithubFailed", `GitHub did not ${act} (${why}).`, fixOf(status));
    this.name = "GithubFailure";
  }
}

const fixOf = (status: number | undefined): string =>
  status === 401
    ? "Set GITHUB_TOKEN to a valid token."
    : status === 403 || status === 404
      ? "Check the permissions of the job and of GITHUB_TOKEN."
      : "Run the check again.";

/** GitHub's API for one pull request. Each call throws a {@link GithubFailure} when GitHub refuses or fails. */
export interface Github {
  pull(): Promise<PullState>;
  /** All comments of the conversation, oldest first. */
  comments(): Promise<GithubComment[]>;
  /** Is never sent twice, since a comment may stand although no answer came. */
  createComment(body: string): Promise<GithubComment>;
  updateComment(id: number, body: string): Promise<GithubComment>;
  deleteComment(id: number): Promise<void>;
  /** Adds a check run to a commit. Only apps may, and so may the token of a workflow. */
  addCheck(verdict: Verdict): Promise<AddedCheck>;
  /** The newest check run of a name that an app made for a commit; undefined when there is none. */
  newestCheck(
    commit: string,
    name: string,
    appId: number,
  ): Promise<{ readonly id: number; readonly text: string | undefined } | undefined>;
  /** Adds a commit status. @returns the login that we have */
  addStatus(verdict: Verdict): Promise<string | undefined>;
  /** The login of a person's token. Apps are refused. */
  whoAmI(): Promise<string>;
}

/** Longest description of a commit status, in characters (GitHub answers 422 to more). */
const LONGEST_DESCRIPTION = 140;

/** Opens GitHub's API for a pull request, without a request. */
export async function openGithub(
  access: GithubAccess,
  { repository, number }: Pick<PullRequest, "repository" | "number">,
  run: Run,
): Promise<Github> {
  const octokit = await octokitFor(access, run);
  const [owner = "", repo = ""] = repository.split("/");
  const place = { owner, repo };
  // A server may repeat the token of a request.
  const hidden = (text: string): string => text.replaceAll(access.token, "***");

  async function call<T extends z.ZodType>(act: string, form: T, send: () => Promise<unknown>): Promise<z.infer<T>> {
    let data: unknown;
    try {
      data = await send();
    } catch (error) {
      run.signal.throwIfAborted();
      const { status, why } = failedBy(error);
      throw new GithubFailure(act, status, hidden(why));
    }
    const read = form.safeParse(data);
    if (read.success) return read.data;
    throw new GithubFailure(act, undefined, `unknown form of its answer at ${read.error.issues[0]?.path.join(".")}`);
  }

  const { rest } = octokit;
  return {
    pull: async () => {
      const show = async () => (await rest.pulls.get({ ...place, pull_number: number })).data;
      const { state, head, labels } = await call(`show pull request ${number}`, Pull, show);
      return { isOpen: state === "open", head: head.sha, labels: labels.map(({ name }) => name) };
    },
    comments: async () => {
      const pages = { ...place, issue_number: number, per_page: 100 };
      const list = () => octokit.paginate(rest.issues.listComments, pages);
      return (await call(`list the comments of pull request ${number}`, z.array(Comment), list)).map(commentOf);
    },
    createComment: async (body) => {
      const asked = { ...place, issue_number: number, body, request: { isOnce: true } };
      const create = async () => (await rest.issues.createComment(asked)).data;
      return commentOf(await call(`add a comment to pull request ${number}`, Comment, create));
    },
    updateComment: async (id, body) => {
      const update = async () => (await rest.issues.updateComment({ ...place, comment_id: id, body })).data;
      return commentOf(await call(`change comment ${id}`, Comment, update));
    },
    deleteComment: async (id) => {
      await call(`delete comment ${id}`, z.unknown(), () => rest.issues.deleteComment({ ...place, comment_id: id }));
    },
    addCheck: async ({ commit, name, conclusion, title, summary, text, url }) => {
      const asked = { name, head_sha: commit, status: "completed" as const, conclusion, details_url: url };
      const add = async () => (await rest.checks.create({ ...place, ...asked, output: { title, summary, text } })).data;
      const { id, app } = await call(`add a check run to commit ${commit}`, Check, add);
      return { id, app: app ? { id: app.id, login: `${app.slug}[bot]` } : undefined };
    },
    newestCheck: async (commit, name, appId) => {
      const asked = { ...place, ref: commit, check_name: name, app_id: appId };
      const list = async () => (await rest.checks.listForRef(asked)).data;
      const { check_runs: runs } = await call(`list the check runs of commit ${commit}`, Checks, list);
      const [newest] = [...runs].sort((a, b) => b.id - a.id);
      return newest && { id: newest.id, text: newest.output.text ?? undefined };
    },
    addStatus: async ({ commit, name, conclusion, title, url }) => {
      const state = conclusion === "failure" ? ("failure" as const) : ("success" as const); // no status is neutral
      const description = beginningOf(title, LONGEST_DESCRIPTION);
      const asked = { ...place, sha: commit, context: name, state, description, target_url: url };
      const add = async () => (await rest.repos.createCommitStatus(asked)).data;
      const { creator } = await call(`add a status to commit ${commit}`, z.object({ creator: User.nullable() }), add);
      return creator?.login;
    },
    whoAmI: async () => {
      const ask = async () => (await rest.users.getAuthenticated()).data;
      return (await call("tell whose token GITHUB_TOKEN is", User, ask)).login;
    },
  };
}

/** Octokit is loaded only here, because most commands never need it. */
async function octokitFor({ url, token }: GithubAccess, run: Run): Promise<Octokit> {
  const { Octokit } = await import("@octokit/rest");
  const none = (): void => undefined; // it would write each failure to standard error
  const log = { debug: none, info: none, warn: none, error: none };
  const bounded = boundedFetch("The answer of GitHub", LIMITS.answer);
  const octokit = new Octokit({ auth: token, baseUrl: url, userAgent: "smeshnet", log, request: { fetch: bounded } });
  octokit.hook.wrap("request", async (request, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await limited(run.signal, TIMEOUT, (signal) => {
          options.request = { ...options.request, signal }; // Octokit's own hooks see only what is changed in place
          return request(options);
        });
      } catch (error) {
        run.signal.throwIfAborted();
        if (error instanceof Error && error.cause instanceof UserError) throw error.cause; // asked again, it is as large
        const isRepeatable = options.request.isOnce !== true;
        const failed = failedBy(error);
        const wait = waitAfter(failed, { attempt, isRepeatable, now: run.clock.now() });
        if (wait === undefined) throw error;
        run.say(`waiting ${wait} s for GitHub (${failed.status ?? "no answer"})`);
        await run.clock.sleep(wait, run.signal);
      }
    }
  });
  return octokit;
}

/** The start of a text, whose end is no half of an emoji. @param most UTF-16 units, of which an emoji has two */

const commentOf = ({ id, body, user, updated_at }: z.infer<typeof Comment>): GithubComment => ({
  id,
  author: user?.login,
  body: body ?? "",
  updatedAt: updated_at,
});
